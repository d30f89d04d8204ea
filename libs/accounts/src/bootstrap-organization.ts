import { Inject, Injectable } from '@nestjs/common';
import { hashApiKey, newApiKey, newId } from '#libs/crypto';
import { ApiKeysRepository } from './api-keys.repository.js';
import { AuditRepository } from './audit.repository.js';
import { OrganizationsRepository } from './organizations.repository.js';

/** Makes an organization and its first key, for an operator at the command line. */
@Injectable()
export class BootstrapOrganization {
  constructor(
    @Inject(OrganizationsRepository) private readonly organizations: OrganizationsRepository,
    @Inject(ApiKeysRepository) private readonly keys: ApiKeysRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
  ) {}

  /** @returns the key, shown this once */
  async execute(name: string): Promise<{ organizationId: string; organizationKey: string }> {
    const organizationId = newId();
    const organizationKey = newApiKey();
    await this.organizations.create(organizationId, name);
    const key = await this.keys.create({
      id: newId(),
      organizationId,
      projectId: null,
      name: 'First organization key',
      permission: 'full_access',
      domain: null,
      tokenHash: hashApiKey(organizationKey),
    });
    await this.audit.append(organizationId, undefined, 'system', 'organization.created', organizationId, {
      key: key.id,
    });
    return { organizationId, organizationKey };
  }
}
