import type { Logger } from '#libs/telemetry';
import type { AttemptDelivery, AttemptResult } from './attempt-delivery.js';
import { ResultWriter } from './result-writer.js';
import { restMs } from './retry-schedule.js';
import type {
  ClaimedDelivery,
  Endpoint,
  SystemDeliveriesRepository,
} from './system-deliveries.repository.js';

const MAX_CLAIM = 50;

export interface TurnTools {
  deliveries: SystemDeliveriesRepository;
  attempt: AttemptDelivery;
  logger: Logger;
  /** How long a claim lasts without its results. */
  claimTtlMs: number;
}

/** One endpoint's turn: several senders, each taking the next due message when its last one is answered. */
export class EndpointTurn {
  private readonly writer: ResultWriter;
  private claimed: ClaimedDelivery[] = [];
  private claiming: Promise<void> | undefined;
  private isExhausted = false;
  private isStopped = false;
  private answers = 0;
  private timeouts = 0;

  constructor(
    private readonly tools: TurnTools,
    private readonly endpoint: Endpoint,
    /** Newest first. */
    private readonly secrets: readonly string[],
    onDisabled: (reason: string) => void,
  ) {
    this.writer = new ResultWriter(
      tools.deliveries,
      endpoint.id,
      () => this.condition(),
      (reason) => {
        this.stop();
        onDisabled(reason);
      },
      tools.logger,
    );
  }

  /** Sends until nothing is due or the turn is stopped. @returns when the last answer is in and written */
  async run(senders: number, onRequest: (change: 1 | -1) => void): Promise<void> {
    try {
      // An endpoint in trouble is asked with a single message whether it is back.
      const count = this.endpoint.trouble > 0 ? 1 : senders;
      await Promise.all(Array.from({ length: count }, () => this.send(onRequest)));
    } finally {
      this.stop();
      await this.writer.finish();
    }
  }

  /** Begins no more requests; what was claimed for them goes back untouched. */
  stop(): void {
    this.isStopped = true;
    for (const { messageId } of this.claimed) this.writer.add(released(messageId));
    this.claimed = [];
  }

  private async send(onRequest: (change: 1 | -1) => void): Promise<void> {
    for (;;) {
      const delivery = await this.next();
      if (delivery === undefined) return;
      onRequest(1);
      try {
        const result = await this.tools.attempt.execute(this.endpoint.url, this.secrets, delivery);
        this.learn(result);
        this.writer.add(result);
      } catch (error) {
        // Not the endpoint's doing: the claim runs out and the message goes again.
        this.tools.logger.error('webhook.attempt_failed', { webhookId: this.endpoint.id, error });
        this.stop();
      } finally {
        onRequest(-1);
      }
    }
  }

  private async next(): Promise<ClaimedDelivery | undefined> {
    while (!this.isStopped) {
      const delivery = this.claimed.shift();
      if (delivery !== undefined) return delivery;
      if (this.isExhausted) return undefined;
      this.claiming ??= this.claim().finally(() => (this.claiming = undefined));
      await this.claiming;
    }
    return undefined;
  }

  private async claim(): Promise<void> {
    const { deliveries, claimTtlMs } = this.tools;
    const limit = this.endpoint.trouble > 0 && this.answers === 0 ? 1 : MAX_CLAIM;
    const claimed = await deliveries.claim(this.endpoint.id, limit, claimTtlMs);
    this.writer.claimed(claimTtlMs);
    this.isExhausted = claimed.length < limit;
    this.claimed.push(...claimed);
    // The turn may have been stopped meanwhile.
    if (this.isStopped) this.stop();
  }

  private learn(result: AttemptResult): void {
    if (!result.isTimeout) this.answers += 1;
    else if (++this.timeouts > 0 && this.answers === 0) this.stop();
  }

  /** A turn with nothing but time-outs: the endpoint is left alone for a while. */
  private condition(): { trouble: number; restMs: number } {
    const { trouble } = this.endpoint;
    if (this.answers > 0) return { trouble: 0, restMs: 0 };
    if (this.timeouts === 0) return { trouble, restMs: 0 };
    return { trouble: trouble + 1, restMs: restMs(trouble + 1) };
  }
}

function released(messageId: string) {
  return {
    messageId,
    outcome: 'released' as const,
    retryInMs: 0,
    isGone: false,
    statusCode: undefined,
    response: undefined,
    error: undefined,
    durationMs: 0,
    sentAt: new Date(0),
  };
}
