import { Inject, Injectable } from '@nestjs/common';
import { hashApiKey, newApiKey, newId } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { AppError, notFound } from '#libs/errors';
import { ApiKeysRepository, type ApiKeyPage, type ApiKeyRecord } from './api-keys.repository.js';
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

  /** Newest first; `after` walks to older ones, `before` to newer. @throws AppError for an unknown cursor */
  async page(projectId: string, page: ApiKeyPage): Promise<{ hasMore: boolean; data: ApiKeyRecord[] }> {
    const cursor = page.after ?? page.before;
    if (cursor !== undefined && !(await this.keys.exists(projectId, cursor))) {
      const field = page.after === undefined ? 'before' : 'after';
      throw new AppError({
        code: 'api_keys.unknown_cursor',
        kind: 'invalid',
        field,
        message: `The \`${field}\` cursor is not an API key of this project.`,
      });
    }
    const rows = await this.keys.page(projectId, page);
    const data = rows.slice(0, page.limit);
    if (page.before !== undefined) data.reverse();
    return { hasMore: rows.length > page.limit, data };
  }

  /** The name of a domain that a key shall be bound to. @throws AppError not_found */
  async domainName(projectId: string, domainId: string): Promise<string> {
    const name = await this.keys.domainName(projectId, domainId);
    if (name === undefined) throw notFound('Domain');
    return name;
  }

  /** @throws AppError not_found */
  async rename(projectId: string, by: Principal, id: string, name: string): Promise<void> {
    if (!(await this.keys.rename(projectId, id, name))) throw notFound('API key');
    await this.audit.append(by.organizationId, projectId, actorOf(by), 'api_key.renamed', id, { name });
  }

  /** Takes effect at once in every process. @throws AppError not_found */
  async revoke(projectId: string, by: Principal, id: string): Promise<void> {
    if (!(await this.keys.revoke(projectId, id))) throw notFound('API key');
    await this.broadcast.send(KEY_REVOKED, id);
    await this.audit.append(by.organizationId, projectId, actorOf(by), 'api_key.revoked', id, {});
  }
}
