import { Inject, Injectable } from '@nestjs/common';
import { SesIdentities, type SesIdentityState } from '#libs/aws';
import { SessionBroker, type BrokeredSession } from '#libs/connections';
import type { DomainProblem, Ownership } from '../domain.js';
import { SystemDomainsRepository, type FollowedDomain } from '../system-domains.repository.js';
import { ExplainProblem } from './explain-problem.js';
import { decideOwnership, domainTag, identitySteps, type IdentityStep } from './identity-steps.js';

export interface IdentityReading {
  /** Null: SES has none. Undefined: SES could not be asked. */
  identity: SesIdentityState | null | undefined;
  ownership: Ownership | null;
  problem: DomainProblem | null;
}

/** Brings the identity of a domain into being and reads how far its verification is; what goes wrong is part of the reading. */
@Injectable()
export class ReadIdentity {
  constructor(
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(SesIdentities) private readonly ses: SesIdentities,
    @Inject(SystemDomainsRepository) private readonly domains: SystemDomainsRepository,
    @Inject(ExplainProblem) private readonly explain: ExplainProblem,
  ) {}

  /** @param elapsedMs since records are waited for */
  async execute(domain: FollowedDomain, elapsedMs: number): Promise<IdentityReading> {
    let session: BrokeredSession | undefined;
    // Kept apart, so that what was reached before a failure is not lost.
    const reading: IdentityReading = { identity: undefined, ownership: domain.ownership, problem: null };
    try {
      session = await this.broker.for(domain.connectionId, 'configure');
      await this.bringAbout(domain, session, elapsedMs, reading);
    } catch (error) {
      reading.problem = await this.explain.execute(domain.connectionId, session, error);
    }
    return reading;
  }

  private async bringAbout(
    domain: FollowedDomain,
    session: BrokeredSession,
    elapsedMs: number,
    reading: IdentityReading,
  ): Promise<void> {
    const mailFrom = `${domain.returnPath}.${domain.name}`;
    let identity = await this.read(domain, session, reading);
    // Making an identity leaves its MAIL FROM to be set; a second pass sees both.
    for (let pass = 0; pass < 2; pass++) {
      const steps = identitySteps(identity, reading.ownership, mailFrom, elapsedMs);
      if (steps.length === 0) return;
      for (const step of steps) await this.take(step, domain, session, mailFrom);
      identity = await this.read(domain, session, reading);
    }
  }

  private async read(
    domain: FollowedDomain,
    { credentials, region }: BrokeredSession,
    reading: IdentityReading,
  ): Promise<SesIdentityState | undefined> {
    const identity = await this.ses.get(credentials, region, domain.name);
    reading.identity = identity ?? null;
    if (identity === undefined) reading.ownership = null;
    else {
      const isForeign = reading.ownership === null && identity.tags[domainTag] !== domain.id;
      const isOwnedByAnother = isForeign && (await this.domains.isOwnedByAnother(domain));
      reading.ownership = decideOwnership(domain.id, reading.ownership, identity, isOwnedByAnother);
    }
    return identity;
  }

  private async take(
    step: IdentityStep,
    { id, name }: FollowedDomain,
    { credentials, region }: BrokeredSession,
    mailFrom: string,
  ): Promise<void> {
    switch (step) {
      case 'create':
        await this.ses.create(credentials, region, name, { [domainTag]: id });
        return;
      case 'set_mail_from':
        return this.ses.setMailFrom(credentials, region, name, mailFrom);
      case 'restart_dkim':
        return this.ses.restartDkim(credentials, region, name);
    }
  }
}
