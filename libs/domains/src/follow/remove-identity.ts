import { Inject, Injectable } from '@nestjs/common';
import { SesIdentities } from '#libs/aws';
import { SessionBroker, type BrokeredSession } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { Logger } from '#libs/telemetry';
import { nextTryAt, searchMs } from '../decide-status.js';
import { SystemDomainsRepository, type FollowedDomain } from '../system-domains.repository.js';
import { ExplainProblem } from './explain-problem.js';
import { domainTag } from './identity-steps.js';

/**
 * Takes the identity of a deleted domain out of SES, then forgets the domain. Only what was made for a domain of ours is deleted, and
 * only when no other domain uses it. Where SES cannot be reached or the right is missing, it is tried for three days.
 */
@Injectable()
export class RemoveIdentity {
  constructor(
    @Inject(SystemDomainsRepository) private readonly domains: SystemDomainsRepository,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(SesIdentities) private readonly ses: SesIdentities,
    @Inject(ExplainProblem) private readonly explain: ExplainProblem,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(domain: FollowedDomain & { deletedAt: Date }): Promise<void> {
    const { id: domainId, projectId, ownership } = domain;
    if (ownership === 'adopted') return this.domains.drop(domainId);
    let session: BrokeredSession | undefined;
    try {
      session = await this.broker.for(domain.connectionId, 'configure');
      await this.takeOut(domain, session);
      await this.domains.drop(domainId);
    } catch (error) {
      const problem = await this.explain.execute(domain.connectionId, session, error);
      const now = this.clock.now();
      const isHopeless =
        domain.isDisconnected ||
        // Never seen in SES and no right to look: nothing was made.
        (ownership === null && problem.kind !== 'waiting') ||
        now.getTime() - domain.deletedAt.getTime() >= searchMs;
      if (!isHopeless) return this.domains.tryRemovalAt(domainId, nextTryAt(domain.deletedAt, now));
      this.logger.warn('domain.identity_left', { projectId, domainId, code: problem.code });
      await this.domains.drop(domainId);
    }
  }

  private async takeOut(domain: FollowedDomain, { credentials, region }: BrokeredSession): Promise<void> {
    const identity = await this.ses.get(credentials, region, domain.name);
    const madeFor = identity?.tags[domainTag];
    if (madeFor === undefined || (domain.ownership === null && madeFor !== domain.id)) return;
    if (await this.domains.passOn(domain)) return;
    await this.ses.delete(credentials, region, domain.name);
    this.logger.info('domain.identity_deleted', { projectId: domain.projectId, domainId: domain.id });
  }
}
