import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#libs/errors';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { DrainRepository } from './drain.repository.js';
import { SliceFactory } from './slice.js';

/** A lane whose connection cannot send looks again this often; a check that passes wakes it at once. */
const NOT_SENDABLE_MS = 300_000;
/** After a failed AssumeRole, unless the broker knows better. */
const NO_SESSION_MS = 30_000;

const sendable = new Set(['active', 'degraded']);

/**
 * Handler of `lane.drain`: sends what one connection has due, for one time slice, then gives the worker to the next
 * lane. Says at the end when the lane wants to be woken again.
 */
@Injectable()
export class DrainLane {
  constructor(
    @Inject(DrainRepository) private readonly repository: DrainRepository,
    @Inject(SliceFactory) private readonly slices: SliceFactory,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(connectionId: string, stopping: AbortSignal): Promise<void> {
    const notBeforeMs = await this.drain(connectionId, stopping);
    const waitMs = await this.repository.finishLane(connectionId, notBeforeMs);
    // Waits are the ticker's; what is due now goes to the end of the queue, behind the other lanes.
    if (waitMs !== undefined && waitMs <= 0 && !stopping.aborted)
      await this.jobs.add('lane.drain', { connectionId });
  }

  /** @returns how long the lane is blocked, in milliseconds */
  private async drain(connectionId: string, stopping: AbortSignal): Promise<number> {
    const lane = await this.repository.findLane(connectionId);
    if (lane === undefined || !sendable.has(lane.status) || lane.sesAccountId === undefined)
      return NOT_SENDABLE_MS;
    try {
      const slice = await this.slices.open(
        connectionId,
        { ...lane, sesAccountId: lane.sesAccountId },
        stopping,
      );
      return await slice.run();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // No session: the role was taken back, or STS is away. The mail waits, untouched.
      this.logger.warn('lane.no_session', { connectionId, code: error.code });
      return error.retryAfterMs ?? NO_SESSION_MS;
    }
  }
}
