import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { ApiKeys } from './api-keys.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { AuditRepository } from './audit.repository.js';
import { Authenticate } from './authenticate.js';
import { BootstrapOrganization } from './bootstrap-organization.js';
import { CreateOrganization } from './create-organization.js';
import { DeleteOrganization } from './delete-organization.js';
import { Invitations } from './members/invitations.js';
import { InvitationsRepository } from './members/invitations.repository.js';
import { Members } from './members/members.js';
import { MembersRepository } from './members/members.repository.js';
import { OrganizationKeys } from './organization-keys.js';
import { OrganizationKeysRepository } from './organization-keys.repository.js';
import { Organizations } from './organizations.js';
import { OrganizationsRepository } from './organizations.repository.js';
import { Projects } from './projects.js';
import { ProjectsRepository } from './projects.repository.js';
import { RateLimiter } from './rate-limiter.js';

@Module({
  imports: [ConnectionsModule],
  providers: [
    ApiKeys,
    ApiKeysRepository,
    AuditRepository,
    Authenticate,
    BootstrapOrganization,
    CreateOrganization,
    DeleteOrganization,
    Invitations,
    InvitationsRepository,
    Members,
    MembersRepository,
    OrganizationKeys,
    OrganizationKeysRepository,
    Organizations,
    OrganizationsRepository,
    Projects,
    ProjectsRepository,
    RateLimiter,
  ],
  exports: [
    ApiKeys,
    AuditRepository,
    Authenticate,
    BootstrapOrganization,
    CreateOrganization,
    DeleteOrganization,
    Invitations,
    Members,
    MembersRepository,
    OrganizationKeys,
    Organizations,
    OrganizationsRepository,
    Projects,
    RateLimiter,
  ],
})
export class AccountsModule {}
