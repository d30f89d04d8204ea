import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { isRole, keyRoleNow, type Role } from './policy.js';
import type { KeyPrincipal, Permission } from './principal.js';

export interface NewApiKey {
  id: string;
  organizationId: string;
  projectId: string;
  name: string;
  permission: Permission;
  domain: string | null;
  tokenHash: Buffer;
}

export interface ApiKeyRecord {
  id: string;
  name: string;
  permission: string;
  domain: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

export interface ApiKeyPage {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

@Injectable()
export class ApiKeysRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Before the tenant is known: this look-up is what tells it. Unique index on token_hash. `last_used_at` is good to a minute, so a
   * busy key costs one write a minute.
   */
  async findPrincipal(tokenHash: Buffer): Promise<KeyPrincipal | undefined> {
    const { rows } = await this.database.query<{
      id: string;
      organization_id: string;
      project_id: string | null;
      permission: Permission;
      domain: string | null;
      role: string | null;
      created_by: string | null;
      maker_role: Role | null;
    }>(
      `WITH found AS (
         SELECT k.id, k.organization_id, k.project_id, k.permission, k.domain, k.role, k.created_by, m.role AS maker_role
         FROM api_keys k LEFT JOIN projects p ON p.id = k.project_id
         LEFT JOIN members m ON m.organization_id = k.organization_id AND m.user_id = k.created_by
         WHERE k.token_hash = $1 AND k.revoked_at IS NULL AND p.deleted_at IS NULL
       ), used AS (
         UPDATE api_keys k SET last_used_at = now() FROM found
         WHERE k.id = found.id AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute')
       )
       SELECT * FROM found`,
      [tokenHash],
      'accounts-find-principal',
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const role = row.project_id === null ? roleOfKey(row.role, row.created_by, row.maker_role) : undefined;
    if (row.project_id === null && role === undefined) return undefined;
    return {
      kind: 'key',
      keyId: row.id,
      organizationId: row.organization_id,
      projectId: row.project_id ?? undefined,
      permission: row.permission,
      domain: row.domain ?? undefined,
      role,
    };
  }

  async create(key: NewApiKey): Promise<ApiKeyRecord> {
    return this.database.prisma.apiKey.create({
      data: { ...key, tokenHash: new Uint8Array(key.tokenHash) },
      select: apiKeyFields,
    });
  }

  async list(projectId: string): Promise<ApiKeyRecord[]> {
    return this.database.prisma.apiKey.findMany({
      where: { projectId, revokedAt: null },
      orderBy: { id: 'desc' },
      select: apiKeyFields,
    });
  }

  /** One more than the limit, newest first, so that the caller sees whether there are more. */
  async page(projectId: string, { limit, after, before }: ApiKeyPage): Promise<ApiKeyRecord[]> {
    return this.database.prisma.apiKey.findMany({
      where: {
        projectId,
        revokedAt: null,
        ...(after !== undefined && { id: { lt: after } }),
        ...(before !== undefined && { id: { gt: before } }),
      },
      orderBy: { id: before === undefined ? 'desc' : 'asc' },
      take: limit + 1,
      select: apiKeyFields,
    });
  }

  async exists(projectId: string, id: string): Promise<boolean> {
    return (await this.database.prisma.apiKey.count({ where: { id, projectId, revokedAt: null } })) > 0;
  }

  /** @returns whether there was such a key */
  async rename(projectId: string, id: string, name: string): Promise<boolean> {
    const { count } = await this.database.prisma.apiKey.updateMany({
      where: { id, projectId, revokedAt: null },
      data: { name },
    });
    return count > 0;
  }

  /** The name of one of the project's domains. Primary key. */
  async domainName(projectId: string, domainId: string): Promise<string | undefined> {
    const { rows } = await this.database.query<{ name: string }>(
      'SELECT name FROM domains WHERE id = $2 AND project_id = $1 AND deleted_at IS NULL',
      [projectId, domainId],
    );
    return rows[0]?.name;
  }

  /** @returns whether there was such a key */
  async revoke(projectId: string, id: string): Promise<boolean> {
    const { count } = await this.database.prisma.apiKey.updateMany({
      where: { id, projectId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count > 0;
  }
}

/** @param createdBy null: the operator's @returns undefined when who made it is no member any more */
export function roleOfKey(
  role: string | null,
  createdBy: string | null,
  makerRole: Role | null,
): Role | undefined {
  // A key without a role can only come from a version before there were any, next to this one.
  const given = role !== null && isRole(role) ? role : 'viewer';
  return createdBy === null ? given : keyRoleNow(given, makerRole ?? undefined);
}

export const apiKeyFields = {
  id: true,
  name: true,
  permission: true,
  domain: true,
  createdAt: true,
  lastUsedAt: true,
} as const;
