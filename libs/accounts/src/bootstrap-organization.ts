import { Inject, Injectable } from '@nestjs/common';
import { hashApiKey, newApiKey, newId } from '#libs/crypto';
import { AuditRepository } from './audit.repository.js';
import { OrganizationKeysRepository } from './organization-keys.repository.js';
import { OrganizationsRepository } from './organizations.repository.js';

/** Makes an organization and its first key, for an operator at the command line. */
@Injectable()
export class BootstrapOrganization {
  constructor(
    @Inject(OrganizationsRepository) private readonly organizations: OrganizationsRepository,
    @Inject(OrganizationKeysRepository) private readonly keys: OrganizationKeysRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
  ) {}

  /** @returns the key, shown this once */
  async execute(name: string): Promise<{ organizationId: string; organizationKey: string }> {
    const organizationId = newId();
    const organizationKey = newApiKey();
    await this.organizations.create(organizationId, name);
    const keyId = newId();
    await this.keys.create(organizationId, {
      id: keyId,
      name: 'First organization key',
      role: 'admin',
      createdBy: null,
      tokenHash: hashApiKey(organizationKey),
    });
    await this.audit.append(organizationId, undefined, 'system', 'organization.created', organizationId, {
      key: keyId,
    });
    return { organizationId, organizationKey };
  }
}
