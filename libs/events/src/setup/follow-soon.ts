import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';

/** Wakes a source that is due. Speed, not truth: the ticker finds what this loses. */
@Injectable()
export class FollowFeedbackSoon {
  constructor(
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Never rejects. */
  async execute(job: 'feedback.follow' | 'feedback.pull', connectionId: string): Promise<void> {
    try {
      await this.jobs.add(job, { connectionId });
    } catch (error) {
      this.logger.warn('feedback.wake_lost', { job, connectionId, error });
    }
  }
}
