import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { PublishEvents } from '#libs/webhooks';
import { DomainsRepository } from './domains.repository.js';
import { FollowSoon } from './follow-soon.js';
import { domainEventData } from './present-domain.js';

/** Takes a domain out of the project; a worker then takes its identity out of SES, if it was made for it. */
@Injectable()
export class RemoveDomain {
  constructor(
    @Inject(DomainsRepository) private readonly domains: DomainsRepository,
    @Inject(PublishEvents) private readonly webhooks: PublishEvents,
    @Inject(FollowSoon) private readonly followSoon: FollowSoon,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `domain.not_found` */
  async execute(projectId: string, id: string, actor: string): Promise<void> {
    const domain = await this.domains.get(projectId, id);
    const at = this.clock.now();
    const event = { projectId, type: 'domain.deleted', at, data: domainEventData(domain) };
    const audit = { actor, action: 'domain.deleted', at };
    const webhookIds = await this.domains.remove(projectId, id, audit, (sql) =>
      this.webhooks.store(sql, [event]),
    );
    this.webhooks.wake(webhookIds);
    await this.followSoon.execute(id);
  }
}
