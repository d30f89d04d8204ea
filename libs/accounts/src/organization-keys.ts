import { Inject, Injectable } from '@nestjs/common';
import { hashApiKey, newApiKey, newId } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { notFound } from '#libs/errors';
import type { ApiKeyRecord } from './api-keys.repository.js';
import { AuditRepository } from './audit.repository.js';
import { KEY_REVOKED } from './authenticate.js';
import { OrganizationKeysRepository } from './organization-keys.repository.js';
import { actorOf, type Principal } from './principal.js';

/** The API keys of an organization: they manage all of it, and do not send. */
@Injectable()
export class OrganizationKeys {
  constructor(
    @Inject(OrganizationKeysRepository) private readonly keys: OrganizationKeysRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {}

  /** @returns the key with its token, which is shown this once and stored only as a hash */
  async create(
    organizationId: string,
    by: Principal,
    name: string,
  ): Promise<ApiKeyRecord & { token: string }> {
    const token = newApiKey();
    const record = await this.keys.create(organizationId, {
      id: newId(),
      name,
      tokenHash: hashApiKey(token),
    });
    await this.audit.append(organizationId, undefined, actorOf(by), 'organization_key.created', record.id, {
      name,
    });
    return { ...record, token };
  }

  list(organizationId: string): Promise<ApiKeyRecord[]> {
    return this.keys.list(organizationId);
  }

  /** Takes effect at once in every process. @throws AppError not_found */
  async revoke(organizationId: string, by: Principal, id: string): Promise<void> {
    if (!(await this.keys.revoke(organizationId, id))) throw notFound('API key');
    await this.broadcast.send(KEY_REVOKED, id);
    await this.audit.append(organizationId, undefined, actorOf(by), 'organization_key.revoked', id, {});
  }
}
