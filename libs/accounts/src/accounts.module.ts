import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { ApiKeys } from './api-keys.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { AuditRepository } from './audit.repository.js';
import { Authenticate } from './authenticate.js';
import { BootstrapOrganization } from './bootstrap-organization.js';
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
    OrganizationsRepository,
    Projects,
    ProjectsRepository,
    RateLimiter,
  ],
  exports: [ApiKeys, Authenticate, BootstrapOrganization, Projects, RateLimiter],
})
export class AccountsModule {}
