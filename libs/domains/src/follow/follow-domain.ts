import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { LookAtRecords } from '../dns/look-at-records.js';
import { expectedRecords } from '../records.js';
import { SystemDomainsRepository } from '../system-domains.repository.js';
import { decideRecord } from './decide-record.js';
import { ReadIdentity } from './read-identity.js';
import { RemoveIdentity } from './remove-identity.js';
import { SaveFollowing } from './save-following.js';

/** Job `domain.follow`: one look at a domain, in SES and in DNS. Safe to run at any time and twice. */
@Injectable()
export class FollowDomain {
  constructor(
    @Inject(SystemDomainsRepository) private readonly domains: SystemDomainsRepository,
    @Inject(ReadIdentity) private readonly readIdentity: ReadIdentity,
    @Inject(RemoveIdentity) private readonly removeIdentity: RemoveIdentity,
    @Inject(LookAtRecords) private readonly look: LookAtRecords,
    @Inject(SaveFollowing) private readonly save: SaveFollowing,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async execute({ domainId }: { domainId: string }): Promise<void> {
    const domain = await this.domains.find(domainId);
    if (domain === undefined) return;
    if (domain.deletedAt !== null)
      return this.removeIdentity.execute({ ...domain, deletedAt: domain.deletedAt });
    const now = this.clock.now();
    const elapsedMs = now.getTime() - domain.verifyingSince.getTime();
    const reading = await this.readIdentity.execute(domain, elapsedMs);
    const record = decideRecord(domain, reading, now, Math.random());
    const seen = { ...domain, ...record };
    // Somebody waits for the first answer, and DNS may take its time.
    if (domain.followedAt === null && !(await this.save.execute(domain, record))) return;
    const sightings = await this.look.execute(expectedRecords(seen));
    const before = domain.followedAt === null ? seen : domain;
    await this.save.execute(before, { ...record, sightings });
  }
}
