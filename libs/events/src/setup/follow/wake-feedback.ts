import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { JobProducer } from '#libs/queue';
import { SystemFeedbackRepository } from '../system-feedback.repository.js';

const SOURCES_PER_TICK = 100;

/** The part of the one-second ticker that looks after feedback: two looks into partial indexes, empty for sources that rest. */
@Injectable()
export class WakeFeedback {
  constructor(
    @Inject(SystemFeedbackRepository) private readonly sources: SystemFeedbackRepository,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const following = await this.sources.claimDue(now, SOURCES_PER_TICK);
    const pulling = await this.sources.claimDuePulls(now, SOURCES_PER_TICK);
    await Promise.all([
      ...following.map((connectionId) => this.jobs.add('feedback.follow', { connectionId })),
      ...pulling.map((connectionId) => this.jobs.add('feedback.pull', { connectionId })),
    ]);
  }
}
