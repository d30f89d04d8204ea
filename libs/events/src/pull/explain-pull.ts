import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, isAccessDenied, isCredentialFailure } from '#libs/aws';
import { ExplainDenial, SessionBroker, type BrokeredSession } from '#libs/connections';
import { AppError } from '#libs/errors';
import type { FeedbackProblem } from '../setup/feedback-source.js';
import { grantOf } from '../setup/follow/explain-step.js';
import type { PulledSource } from './system-pulls.repository.js';

/** Why a queue could not be read, and when it is tried again. */
export interface PullTrouble {
  problem: FeedbackProblem | null;
  isBroken: boolean;
  retryMs: number;
}

const soonMs = 15_000;
const laterMs = 300_000;

@Injectable()
export class ExplainPull {
  constructor(
    @Inject(ExplainDenial) private readonly explainDenial: ExplainDenial,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
  ) {}

  /** @throws the error itself when it is neither AWS's nor the broker's */
  async execute(
    connectionId: string,
    source: PulledSource,
    session: BrokeredSession | undefined,
    error: unknown,
  ): Promise<PullTrouble> {
    if (error instanceof AppError && error.kind === 'unavailable') {
      const { code, message: detail, remedy = null, retryAfterMs = laterMs } = error;
      return { problem: { code, detail, remedy }, isBroken: false, retryMs: retryAfterMs };
    }
    if (!(error instanceof AwsFailure)) throw error;
    const { code } = error;
    if (isAccessDenied(error)) {
      const grant = { feedback: grantOf(source) };
      const { message: detail, remedy } = await this.explainDenial.execute(
        connectionId,
        'events',
        error,
        grant,
      );
      // A right that is granted is noticed soon, and each refusal stands in the customer's CloudTrail.
      return { problem: { code, detail, remedy }, isBroken: false, retryMs: laterMs };
    }
    if (code === 'QueueDoesNotExist' || code === 'AWS.SimpleQueueService.NonExistentQueue') {
      const detail = 'The queue was deleted in the AWS account.';
      const remedy = 'POST /v1/connections/{id}/feedback makes it again.';
      return { problem: { code, detail, remedy }, isBroken: true, retryMs: laterMs };
    }
    if (isCredentialFailure(error) && session !== undefined)
      await this.broker.reportRejected(connectionId, 'events', session.generation);
    const detail = `The queue could not be read (${code}). It is tried again by itself.`;
    return { problem: { code, detail, remedy: null }, isBroken: false, retryMs: soonMs };
  }
}
