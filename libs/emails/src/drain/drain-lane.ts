import { Inject, Injectable } from '@nestjs/common';
import { SessionBroker } from '#libs/connections';
import { AppError } from '#libs/errors';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { DrainRepository, type LaneState } from './drain.repository.js';
import { FollowQuota } from './follow-quota.js';
import { Failover } from './failover.js';
import { SendTools } from './send-tools.js';
import { Slice, type SendableLane, type SliceResult } from './slice.js';
import { SystemSesAccountRepository } from './system-ses-account.repository.js';

/** A lane whose connection cannot send looks again this often; a check that passes wakes it at once. */
const NOT_SENDABLE_MS = 300_000;
/** After a failed AssumeRole, unless the broker knows better. */
const NO_SESSION_MS = 30_000;

const sendable = new Set(['active', 'degraded']);
const nothingMore = Promise.resolve();

/**
 * Handler of `lane.drain`: sends what one connection has due, for one time slice, then gives the worker to the next
 * lane. Says at the end when the lane wants to be woken again.
 */
@Injectable()
export class DrainLane {
  /** Mail of turns that are over, still leaving. */
  private readonly tails = new Set<Promise<unknown>>();

  constructor(
    @Inject(DrainRepository) private readonly repository: DrainRepository,
    @Inject(SendTools) private readonly tools: SendTools,
    @Inject(SystemSesAccountRepository) private readonly accounts: SystemSesAccountRepository,
    @Inject(FollowQuota) private readonly followQuota: FollowQuota,
    @Inject(SessionBroker) private readonly sessions: SessionBroker,
    @Inject(Failover) private readonly failover: Failover,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(connectionId: string, stopping: AbortSignal): Promise<void> {
    const lane = await this.repository.findLane(connectionId);
    if (lane === undefined) return;
    const { restMs, trouble, tail } = await this.takeTurn(connectionId, lane, stopping);
    this.follow(tail);
    await this.failover.execute(connectionId, lane, trouble);
    const waitMs = await this.repository.finishLane(connectionId, restMs, trouble);
    // Waits are the ticker's; what is due now goes to the end of the queue, behind the other lanes.
    if (waitMs !== undefined && waitMs <= 0 && !stopping.aborted)
      await this.jobs.add('lane.drain', { connectionId });
  }

  /** Resolves when no mail is leaving any more: before the process ends. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.tails);
  }

  private async takeTurn(connectionId: string, lane: LaneState, stopping: AbortSignal): Promise<SliceResult> {
    const { trouble } = lane;
    // An empty lane costs no session.
    if (!lane.hasDue) return { restMs: 0, trouble, tail: nothingMore };
    if (!isSendable(lane)) return { restMs: NOT_SENDABLE_MS, trouble, tail: nothingMore };
    try {
      const session = await this.sessions.for(connectionId, 'send', lane.credentialEpoch);
      const { tools, repository, accounts, followQuota } = this;
      return await new Slice(
        { tools, repository, accounts, followQuota },
        connectionId,
        lane,
        session,
        stopping,
      ).run();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // No session: the role was taken back, or STS is away. The mail waits, untouched.
      this.logger.warn('lane.no_session', { connectionId, code: error.code });
      return { restMs: error.retryAfterMs ?? NO_SESSION_MS, trouble, tail: nothingMore };
    }
  }

  private follow(tail: Promise<unknown>): void {
    const followed = tail
      .catch((error: unknown) => this.logger.error('lane.tail_failed', { error }))
      .finally(() => this.tails.delete(followed));
    this.tails.add(followed);
  }
}

function isSendable(lane: LaneState): lane is SendableLane {
  return sendable.has(lane.status) && lane.sesAccountId !== undefined;
}
