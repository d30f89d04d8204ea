import { Inject, Injectable } from '@nestjs/common';
import { hashApiKey, newApiKey, newId } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { notFound } from '#libs/errors';
import { ApiKeysRepository, type ApiKeyRecord } from './api-keys.repository.js';
import { AuditRepository } from './audit.repository.js';
import { KEY_REVOKED } from './authenticate.js';
import { actorOf, type Permission, type Principal } from './principal.js';

/** The API keys of a project. */
@Injectable()
export class ApiKeys {
  constructor(
    @Inject(ApiKeysRepository) private readonly keys: ApiKeysRepository,
    @Inject(AuditRepository) private readonly audit: AuditRepository,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {}

  /** @returns the key with its token, which is shown this once and stored only as a hash */
  async create(
    projectId: string,
    by: Principal,
    input: { name: string; permission: Permission; domain: string | undefined },
  ): Promise<ApiKeyRecord & { token: string }> {
    const token = newApiKey();
    const record = await this.keys.create({
      id: newId(),
      organizationId: by.organizationId,
      projectId,
      name: input.name,
      permission: input.permission,
      domain: input.domain ?? null,
      tokenHash: hashApiKey(token),
    });
    await this.audit.append(by.organizationId, projectId, actorOf(by), 'api_key.created', record.id, {
      name: input.name,
      permission: input.permission,
    });
    return { ...record, token };
  }

  list(projectId: string): Promise<ApiKeyRecord[]> {
    return this.keys.list(projectId);
  }

  /** Takes effect at once in every process. @throws AppError not_found */
  async revoke(projectId: string, by: Principal, id: string): Promise<void> {
    if (!(await this.keys.revoke(projectId, id))) throw notFound('API key');
    await this.broadcast.send(KEY_REVOKED, id);
    await this.audit.append(by.organizationId, projectId, actorOf(by), 'api_key.revoked', id, {});
  }
}
