import { Inject, Injectable } from '@nestjs/common';
import { ReadConnections } from '#libs/connections';
import { Clock, newId } from '#libs/crypto';
import { PublishEvents } from '#libs/webhooks';
import { chooseDomainConnection } from './choose-domain-connection.js';
import { refusedBySes } from './domain-errors.js';
import { parseDomainName, parseReturnPath } from './domain-name.js';
import type { Domain, DomainSettings } from './domain.js';
import { DomainsRepository } from './domains.repository.js';
import { FollowSoon } from './follow-soon.js';
import { Followings } from './followings.js';
import { domainEventData } from './present-domain.js';

export interface CreateDomainInput extends DomainSettings {
  name: string;
  region?: string | undefined;
  connectionId?: string | undefined;
  returnPath: string;
  /** `key:<id>` … */
  actor: string;
}

/**
 * Adds a domain: stores it, lets a worker make its identity in the customer's SES, and waits for that within bounds, so that the
 * answer has the DKIM records. When the time is over, the domain stands as `not_started` and the worker goes on.
 */
@Injectable()
export class CreateDomain {
  constructor(
    @Inject(DomainsRepository) private readonly domains: DomainsRepository,
    @Inject(ReadConnections) private readonly connections: ReadConnections,
    @Inject(Followings) private readonly followings: Followings,
    @Inject(PublishEvents) private readonly webhooks: PublishEvents,
    @Inject(FollowSoon) private readonly followSoon: FollowSoon,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError `domain.invalid_name`, `domain.invalid_return_path`, `domain.already_registered`, those of
   *   chooseDomainConnection(), and `domain.denied` or `domain.refused` when the role or SES said no: then nothing is left of it
   */
  async execute(projectId: string, input: CreateDomainInput): Promise<Domain> {
    const { sending, receiving, openTracking, clickTracking, trackingSubdomain, tls, actor } = input;
    const name = parseDomainName(input.name);
    const returnPath = parseReturnPath(input.returnPath);
    const existing = (await this.connections.list(projectId)).map(({ connection }) => connection);
    const connectionId = chooseDomainConnection(existing, input).id;
    const createdAt = this.clock.now();
    const id = newId(createdAt.getTime());
    const settings = { sending, receiving, openTracking, clickTracking, trackingSubdomain, tls };
    await this.domains.insert(
      projectId,
      { id, connectionId, name, returnPath, createdAt, ...settings },
      { actor, action: 'domain.created', at: createdAt },
    );
    await this.followSoon.execute(id);
    const domain = await this.untilFollowed(projectId, id);
    if (domain.problem?.kind === 'denied' || domain.problem?.kind === 'refused') {
      const refusal = refusedBySes(name, domain.problem);
      await this.takeBack(projectId, id, refusal.code);
      throw refusal;
    }
    await this.webhooks.execute([
      { projectId, type: 'domain.created', at: createdAt, data: domainEventData(domain) },
    ]);
    return domain;
  }

  private async untilFollowed(projectId: string, id: string): Promise<Domain> {
    const followed = await this.followings.wait(id, async () => {
      const domain = await this.domains.get(projectId, id);
      return domain.followedAt === null ? undefined : domain;
    });
    return followed ?? this.domains.get(projectId, id);
  }

  private async takeBack(projectId: string, id: string, reason: string): Promise<void> {
    const at = this.clock.now();
    const audit = { actor: 'system', action: reason, at };
    await this.domains.remove(projectId, id, audit, () => Promise.resolve([]));
    await this.followSoon.execute(id);
  }
}
