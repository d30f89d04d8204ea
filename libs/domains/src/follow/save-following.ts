import { Inject, Injectable } from '@nestjs/common';
import { sendingChangedTopic } from '#libs/connections';
import { Broadcast } from '#libs/database';
import { Logger } from '#libs/telemetry';
import { PublishEvents } from '#libs/webhooks';
import type { Domain } from '../domain.js';
import { domainFollowedTopic } from '../followings.js';
import { domainEventData } from '../present-domain.js';
import { SystemDomainsRepository, type FollowRecord } from '../system-domains.repository.js';

/** Stores what a look at a domain found, with the webhook if its status has changed, and tells whoever waits for it. */
@Injectable()
export class SaveFollowing {
  constructor(
    @Inject(SystemDomainsRepository) private readonly domains: SystemDomainsRepository,
    @Inject(PublishEvents) private readonly webhooks: PublishEvents,
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'send'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @returns false when the domain was deleted or is to be verified anew: that look follows */
  async execute(before: Domain, record: FollowRecord): Promise<boolean> {
    const { projectId, id, status } = before;
    const isNews = record.status !== status;
    const data = domainEventData({ ...before, ...record });
    const event = { projectId, type: 'domain.updated', at: record.followedAt, data };
    const webhookIds = await this.domains.save(before, record, async (sql) => {
      await this.broadcast.send(domainFollowedTopic, id, sql);
      if (!isNews) return [];
      await this.broadcast.send(sendingChangedTopic, projectId, sql);
      return this.webhooks.store(sql, [event]);
    });
    if (webhookIds === undefined) return false;
    this.webhooks.wake(webhookIds);
    if (isNews) this.logger.info(`domain.became_${record.status}`, { projectId, domainId: id, from: status });
    return true;
  }
}
