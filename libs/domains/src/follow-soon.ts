import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';

/** Wakes the following of a domain that is due. Speed, not truth: the ticker finds what this loses. */
@Injectable()
export class FollowSoon {
  constructor(
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Never rejects. */
  async execute(domainId: string): Promise<void> {
    try {
      await this.jobs.add('domain.follow', { domainId });
    } catch (error) {
      this.logger.warn('domain.wake_lost', { domainId, error });
    }
  }
}
