import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { PublishEvents } from '#libs/webhooks';
import type { Domain, DomainSettings } from './domain.js';
import { DomainsRepository } from './domains.repository.js';
import { domainEventData } from './present-domain.js';

export type DomainChanges = { [Name in keyof DomainSettings]?: DomainSettings[Name] | undefined };

/** Changes the settings of a domain. */
@Injectable()
export class UpdateDomain {
  constructor(
    @Inject(DomainsRepository) private readonly domains: DomainsRepository,
    @Inject(PublishEvents) private readonly webhooks: PublishEvents,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `domain.not_found` */
  async execute(projectId: string, id: string, changes: DomainChanges, actor: string): Promise<void> {
    const domain = await this.domains.get(projectId, id);
    const settings = merge(domain, changes);
    const at = this.clock.now();
    const event = {
      projectId,
      type: 'domain.updated',
      at,
      data: domainEventData({ ...domain, ...settings }),
    };
    const audit = { actor, action: 'domain.updated', at };
    const webhookIds = await this.domains.update(projectId, id, settings, audit, (sql) =>
      this.webhooks.store(sql, [event]),
    );
    this.webhooks.wake(webhookIds);
  }
}

function merge(domain: Domain, changes: DomainChanges): DomainSettings {
  return {
    sending: changes.sending ?? domain.sending,
    receiving: changes.receiving ?? domain.receiving,
    openTracking: changes.openTracking ?? domain.openTracking,
    clickTracking: changes.clickTracking ?? domain.clickTracking,
    trackingSubdomain: changes.trackingSubdomain ?? domain.trackingSubdomain,
    tls: changes.tls ?? domain.tls,
  };
}
