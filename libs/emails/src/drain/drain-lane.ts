import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
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
import type { EndOfHurry } from './urgent-first.js';

/** A lane whose connection cannot send looks again this often; a check that passes wakes it at once. */
const NOT_SENDABLE_MS = 300_000;
/** After a failed AssumeRole, unless the broker knows better. */
const NO_SESSION_MS = 30_000;

/** After this long a lane goes back to the end of the queue. */
const TURN_MS = 2_000;

const sendable = new Set(['active', 'degraded']);

/**
 * Handler of `lane.drain`: sends what one connection has due, for one time slice, then gives the worker to the next
 * lane. Says at the end when the lane wants to be woken again.
 */
@Injectable()
export class DrainLane {
  /** Rounds whose last answers are still on their way. */
  private readonly leaving = new Set<Promise<void>>();

  /** Lanes whose last turn in this process ended before their mail did. */
  private readonly backlogs = new LRUCache<string, true>({ max: 10_000, ttl: 10_000 });

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
    // A lane that comes back from the end of the queue is no news; any other may hold a password reset.
    const isOver = this.backlogs.delete(connectionId) ? () => undefined : this.tools.urgentFirst.begin();
    try {
      await this.takeTurn(connectionId, isOver, stopping);
    } finally {
      isOver('nothing');
    }
  }

  private async takeTurn(connectionId: string, isOver: EndOfHurry, stopping: AbortSignal): Promise<void> {
    const deadline = performance.now() + TURN_MS;
    for (;;) {
      const lane = await this.repository.findLane(connectionId);
      if (lane === undefined) return;
      const restMs = await this.drain(connectionId, lane, deadline, () => isOver('backlog'), stopping);
      isOver(lane.hasDue ? 'sent' : 'nothing');
      if (lane.hasDue && lane.hasRestingQueue) await this.repository.wakeQueue(connectionId);
      await this.failover.execute(connectionId, lane);
      const waitMs = await this.repository.finishLane(connectionId, restMs);
      // Waits are the ticker's.
      if (waitMs === undefined || waitMs > 0 || stopping.aborted) return;
      // Mail came in meanwhile: it is taken along, as long as the turn lasts.
      if (performance.now() >= deadline) break;
    }
    // To the end of the queue, behind the other lanes.
    this.backlogs.set(connectionId, true);
    await this.jobs.add('lane.drain', { connectionId });
  }

  /** Resolves when no mail is leaving any more: before the process ends. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.leaving);
  }

  /** @returns how long the lane has nothing to hope for, in milliseconds */
  private async drain(
    connectionId: string,
    lane: LaneState,
    deadline: number,
    onBacklog: () => void,
    stopping: AbortSignal,
  ): Promise<number> {
    if (lane.restMs > 0) return lane.restMs;
    // An empty lane costs no session.
    if (!lane.hasDue) return 0;
    if (!isSendable(lane)) return NOT_SENDABLE_MS;
    try {
      const session = await this.sessions.for(connectionId, 'send', lane.credentialEpoch);
      const { tools, repository, accounts, followQuota } = this;
      const context = { tools, repository, accounts, followQuota };
      const { blockedMs, isHalted, settled } = await new Slice(
        context,
        connectionId,
        lane,
        session,
        deadline,
        onBacklog,
        stopping,
      ).run();
      const learned = this.learn(connectionId, lane, settled);
      // While SES is in doubt its answers decide how it goes on.
      if (isHalted || lane.trouble > 0) await learned;
      return blockedMs;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // No session: the role was taken back, or STS is away. The mail waits, untouched.
      this.logger.warn('lane.no_session', { connectionId, code: error.code });
      return error.retryAfterMs ?? NO_SESSION_MS;
    }
  }

  /** Keeps what the answers of a round say about the lane, once they are all in. */
  private learn(connectionId: string, lane: LaneState, settled: SliceResult['settled']): Promise<void> {
    const learned = settled
      .then(async ({ restMs, trouble }) => {
        if (restMs > 0 || trouble !== lane.trouble)
          await this.repository.restLane(connectionId, restMs, trouble);
      })
      .catch((error: unknown) => this.logger.error('lane.round_failed', { connectionId, error }))
      .finally(() => this.leaving.delete(learned));
    this.leaving.add(learned);
    return learned;
  }
}

function isSendable(lane: LaneState): lane is SendableLane {
  return sendable.has(lane.status) && lane.sesAccountId !== undefined;
}
