import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { JobProducer } from '#libs/queue';
import { SystemSuppressionSyncsRepository } from './system-suppression-syncs.repository.js';

const SYNCS_PER_TICK = 100;

/** The part of the one-second ticker that looks after suppression lists. Connections without sync have no row. */
@Injectable()
export class WakeSuppressionSyncs {
  constructor(
    @Inject(SystemSuppressionSyncsRepository) private readonly syncs: SystemSuppressionSyncsRepository,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const due = await this.syncs.claimDue(this.clock.now(), SYNCS_PER_TICK);
    await Promise.all(due.map((connectionId) => this.jobs.add('suppressions.sync', { connectionId })));
  }
}
