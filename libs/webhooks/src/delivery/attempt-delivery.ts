import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock } from '#libs/crypto';
import { GuardedHttp, OutboundError } from '#libs/outbound';
import { Metrics } from '#libs/telemetry';
import { showMessageId } from '../message-id.js';
import { judgeAttempt } from './judge-attempt.js';
import { signedHeaders } from './sign-message.js';
import type { ClaimedDelivery, DeliveryResult } from './system-deliveries.repository.js';

const MAX_RESPONSE_BYTES = 8 * 1024;
/** Of the response, as the log of attempts keeps it. */
const EXCERPT_CHARACTERS = 1_024;

export type AttemptResult = DeliveryResult & { isTimeout: boolean };

type Answer = { status: number; excerpt: string } | { error: string; isTimeout: boolean };

/** One signed POST to an endpoint. */
@Injectable()
export class AttemptDelivery {
  private readonly timeoutMs: number;
  private readonly attempts;

  constructor(
    @Inject(CONFIG) { webhooks }: Config,
    @Inject(GuardedHttp) private readonly http: Pick<GuardedHttp, 'request'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.timeoutMs = webhooks.timeoutMs;
    this.attempts = metrics.counter(
      'sesame_webhook_attempts_total',
      'Requests to webhook endpoints by outcome.',
      ['outcome'],
    );
  }

  /** Never rejects for what the endpoint does. @param secrets newest first */
  async execute(url: string, secrets: readonly string[], delivery: ClaimedDelivery): Promise<AttemptResult> {
    const sentAt = this.clock.now();
    const startedAt = performance.now();
    const answer = await this.post(
      url,
      signedHeaders(secrets, showMessageId(delivery.messageId), sentAt, delivery.payload),
      delivery.payload,
    );
    const verdict = judgeAttempt(answer, delivery.attempts, Math.random());
    this.attempts.inc({ outcome: verdict.outcome });
    return {
      messageId: delivery.messageId,
      ...verdict,
      statusCode: 'status' in answer ? answer.status : undefined,
      response: 'status' in answer ? answer.excerpt : undefined,
      error: 'error' in answer ? answer.error : undefined,
      isTimeout: 'error' in answer && answer.isTimeout,
      durationMs: Math.round(performance.now() - startedAt),
      sentAt,
    };
  }

  private async post(url: string, signed: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    try {
      const response = await this.http.request({
        url,
        method: 'POST',
        headers: { ...signed, 'content-type': 'application/json', 'user-agent': 'Sesame-Webhooks/1.0' },
        body,
        timeoutMs: this.timeoutMs,
        maxResponseBytes: MAX_RESPONSE_BYTES,
      });
      return { status: response.status, excerpt: excerptOf(response.body) };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return { error: error.message, isTimeout: error.code === 'outbound.timeout' };
    }
  }
}

/** NUL is the one character that PostgreSQL's text cannot hold. */
function excerptOf(body: Buffer): string {
  return body.toString('utf8').replaceAll('\u0000', '\ufffd').slice(0, EXCERPT_CHARACTERS);
}
