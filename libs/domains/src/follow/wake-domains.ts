import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { JobProducer } from '#libs/queue';
import { SystemDomainsRepository } from '../system-domains.repository.js';

const DOMAINS_PER_TICK = 100;

/** The part of the one-second ticker that looks after domains. */
@Injectable()
export class WakeDomains {
  constructor(
    @Inject(SystemDomainsRepository) private readonly domains: SystemDomainsRepository,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const due = await this.domains.claimDue(this.clock.now(), DOMAINS_PER_TICK);
    await Promise.all(due.map((domainId) => this.jobs.add('domain.follow', { domainId })));
  }
}
