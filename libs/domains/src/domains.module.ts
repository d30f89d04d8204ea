import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { WebhooksModule } from '#libs/webhooks';
import { CreateDomain } from './create-domain.js';
import { DnsLookup } from './dns/dns-lookup.js';
import { LookAtRecords } from './dns/look-at-records.js';
import { DomainsRepository } from './domains.repository.js';
import { ExplainProblem } from './follow/explain-problem.js';
import { FollowDomain } from './follow/follow-domain.js';
import { ReadIdentity } from './follow/read-identity.js';
import { RemoveIdentity } from './follow/remove-identity.js';
import { SaveFollowing } from './follow/save-following.js';
import { WakeDomains } from './follow/wake-domains.js';
import { FollowSoon } from './follow-soon.js';
import { Followings } from './followings.js';
import { ReadDomains } from './read-domains.js';
import { RemoveDomain } from './remove-domain.js';
import { SystemDomainsRepository } from './system-domains.repository.js';
import { UpdateDomain } from './update-domain.js';
import { VerifyDomain } from './verify-domain.js';

const useCases = [CreateDomain, ReadDomains, UpdateDomain, VerifyDomain, RemoveDomain];

/** Managing domains: what the API needs. */
@Module({
  imports: [ConnectionsModule, WebhooksModule],
  providers: [...useCases, DomainsRepository, FollowSoon, Followings],
  exports: useCases,
})
export class DomainsModule {}

/** Following them in SES and DNS: what the worker needs. */
@Module({
  imports: [ConnectionsModule, WebhooksModule],
  providers: [
    DnsLookup,
    ExplainProblem,
    FollowDomain,
    LookAtRecords,
    ReadIdentity,
    RemoveIdentity,
    SaveFollowing,
    SystemDomainsRepository,
    WakeDomains,
  ],
  exports: [FollowDomain, WakeDomains],
})
export class FollowDomainsModule {}
