import { Inject, Injectable } from '@nestjs/common';
import { hashApiKey, newApiKey, newId } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { AppError, notFound } from '#libs/errors';
import { AuditRepository } from './audit.repository.js';
import { KEY_REVOKED } from './authenticate.js';
import { OrganizationKeysRepository, type OrganizationKeyRecord } from './organization-keys.repository.js';
import { keyRoleNow, type KeyRole } from './policy.js';
import { actorOf, type Principal } from './principal.js';

/** The API keys of an organization: they manage it as far as their roles go, and do not send. */
@Injectable()
export class OrganizationKeys {
  constructor(
    @Inject(OrganizationKeysRepository) private readonly keys: OrganizationKeysRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {}

  /**
   * @returns the key with its token, which is shown this once and stored only as a hash
   * @throws AppError `organization_keys.role_too_high`, also for a caller that is no person
   */
  async create(
    organizationId: string,
    by: Principal,
    input: { name: string; role: KeyRole },
  ): Promise<OrganizationKeyRecord & { token: string }> {
    if (by.kind !== 'member' || keyRoleNow(input.role, by.role) !== input.role)
      throw new AppError({
        code: 'organization_keys.role_too_high',
        kind: 'forbidden',
        field: 'role',
        message: 'A key may never do more than who makes it.',
        remedy: 'Choose a role up to your own.',
      });
    const token = newApiKey();
    const id = newId();
    await this.keys.create(organizationId, {
      ...input,
      id,
      createdBy: by.userId,
      tokenHash: hashApiKey(token),
    });
    await this.audit.append(organizationId, undefined, actorOf(by), 'organization_key.created', id, input);
    const [record] = await this.keys.list(organizationId, id);
    if (record === undefined) throw notFound('API key');
    return { ...record, token };
  }

  list(organizationId: string): Promise<OrganizationKeyRecord[]> {
    return this.keys.list(organizationId);
  }

  /** Takes effect at once in every process. @throws AppError not_found */
  async revoke(organizationId: string, by: Principal, id: string): Promise<void> {
    const [key] = await this.keys.list(organizationId, id);
    if (key === undefined || !(await this.keys.revoke(organizationId, id))) throw notFound('API key');
    await this.broadcast.send(KEY_REVOKED, id);
    await this.audit.append(organizationId, undefined, actorOf(by), 'organization_key.revoked', id, {
      name: key.name,
      role: key.role,
    });
  }
}
