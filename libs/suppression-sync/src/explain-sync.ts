import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, isAccessDenied, isCredentialFailure, isThrottle } from '#libs/aws';
import { ExplainDenial, SessionBroker, type BrokeredSession, type Purpose } from '#libs/connections';
import { AppError } from '#libs/errors';
import type { SuppressionSync, SyncMode, SyncProblem } from './suppression-sync.js';
import { retryMs, type SyncTrouble } from './sync-times.js';

/** A throttle or a server error is worth telling when it does not go away. */
const patience = 4;

/** What a mode needs of the role: `configure` reads the list as well. */
export function purposeOf(mode: SyncMode): Purpose {
  return mode === 'import' ? 'analytics' : 'configure';
}

/** Turns what went wrong between a project's list and the account's into words for the customer, and into the time of the next try. */
@Injectable()
export class ExplainSync {
  constructor(
    @Inject(ExplainDenial) private readonly explainDenial: ExplainDenial,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
  ) {}

  /** @throws the error itself when it is neither AWS's nor the broker's */
  async execute(
    sync: SuppressionSync,
    session: BrokeredSession | undefined,
    error: unknown,
  ): Promise<{ problem: SyncProblem | null; retryMs: number }> {
    const wait = (trouble: SyncTrouble) => retryMs(trouble, sync.failures, Math.random());
    if (error instanceof AppError && error.kind === 'unavailable') {
      const { code, message: detail, remedy = null, retryAfterMs = 0 } = error;
      return { problem: { code, detail, remedy }, retryMs: Math.max(retryAfterMs, wait('waiting')) };
    }
    if (!(error instanceof AwsFailure)) throw error;
    const { code, operation } = error;
    const purpose = purposeOf(sync.mode);
    if (isAccessDenied(error)) {
      const { message: detail, remedy } = await this.explainDenial.execute(sync.connectionId, purpose, error);
      return { problem: { code, detail, remedy }, retryMs: wait('denied') };
    }
    if (isCredentialFailure(error) && session !== undefined)
      await this.broker.reportRejected(sync.connectionId, purpose, session.generation);
    const isThrottled = isThrottle(error);
    const detail = isThrottled
      ? `SES allows about one ${operation} per second in an account, and other software uses it up. It is tried again by itself.`
      : `SES gave no clear answer to ${operation} (${code}). It is tried again by itself.`;
    const problem = sync.failures < patience ? null : { code, detail, remedy: null };
    return { problem, retryMs: wait(isThrottled ? 'throttled' : 'waiting') };
  }
}
