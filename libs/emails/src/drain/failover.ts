import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import type { LaneState } from './drain.repository.js';
import { FailoverRepository } from './failover.repository.js';

/** Rounds of trouble after which SES counts as away for this connection. */
const TROUBLE_TO_FAIL_OVER = 2;

/**
 * Sends single mails through the connection that the project named as fallback while the first one cannot: its role is
 * broken, or SES is away. Never around a pause, a suspension or a role that was found unsafe, and never a batch: those wait.
 */
@Injectable()
export class Failover {
  constructor(
    @Inject(FailoverRepository) private readonly repository: FailoverRepository,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(connectionId: string, lane: LaneState): Promise<void> {
    const fallbackId = lane.fallbackConnectionId;
    if (fallbackId === undefined || !isAway(lane.status, lane.trouble)) return;
    const moved = await this.repository.moveSingles(lane.projectId, connectionId, fallbackId);
    if (moved === 0) return;
    this.logger.warn('lane.failed_over', { connectionId, fallbackId, moved });
    await this.jobs.add('lane.drain', { connectionId: fallbackId });
  }
}

/** Pure: whether the mail of this connection may go another way. */
export function isAway(status: string, trouble: number): boolean {
  if (status === 'broken') return true;
  return (status === 'active' || status === 'degraded') && trouble >= TROUBLE_TO_FAIL_OVER;
}
