import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { roleOfKey } from './api-keys.repository.js';
import type { KeyRole, Role } from './policy.js';

export interface OrganizationKeyRecord {
  id: string;
  name: string;
  /** As it was given. */
  role: KeyRole;
  /** What it may now: less, where its maker may less. Undefined: its maker is gone. */
  roleNow: Role | undefined;
  /** Undefined: the operator. */
  createdBy: { userId: string; name: string | null } | undefined;
  createdAt: Date;
  lastUsedAt: Date | null;
}

interface Row {
  id: string;
  name: string;
  role: KeyRole | null;
  createdBy: string | null;
  makerName: string | null;
  makerRole: Role | null;
  createdAt: Date;
  lastUsedAt: Date | null;
}

@Injectable()
export class OrganizationKeysRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async create(
    organizationId: string,
    key: { id: string; name: string; role: KeyRole; createdBy: string | null; tokenHash: Buffer },
  ): Promise<void> {
    await this.database.prisma.apiKey.create({
      data: {
        ...key,
        organizationId,
        permission: 'full_access',
        tokenHash: new Uint8Array(key.tokenHash),
      },
    });
  }

  /** Newest first. Index (organization_id, project_id). */
  async list(organizationId: string, id?: string): Promise<OrganizationKeyRecord[]> {
    const { rows } = await this.database.query<Row>(
      `SELECT k.id, k.name, k.role, k.created_by AS "createdBy", u.name AS "makerName", m.role AS "makerRole",
         k.created_at AS "createdAt", k.last_used_at AS "lastUsedAt"
       FROM api_keys k LEFT JOIN users u ON u.id = k.created_by
       LEFT JOIN members m ON m.organization_id = k.organization_id AND m.user_id = k.created_by
       WHERE k.organization_id = $1 AND k.project_id IS NULL AND k.revoked_at IS NULL AND ($2::uuid IS NULL OR k.id = $2)
       ORDER BY k.id DESC`,
      [organizationId, id ?? null],
    );
    return rows.map(toRecord);
  }

  /** @returns whether there was such a key */
  async revoke(organizationId: string, id: string): Promise<boolean> {
    const { count } = await this.database.prisma.apiKey.updateMany({
      where: { id, organizationId, projectId: null, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count > 0;
  }
}

function toRecord({ makerName, makerRole, ...row }: Row): OrganizationKeyRecord {
  return {
    ...row,
    role: row.role ?? 'viewer',
    roleNow: roleOfKey(row.role, row.createdBy, makerRole),
    createdBy: row.createdBy === null ? undefined : { userId: row.createdBy, name: makerName },
  };
}
