import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { Role } from '../policy.js';

export interface Membership {
  organizationId: string;
  organizationName: string;
  role: Role;
}

export interface MemberRecord {
  userId: string;
  name: string;
  email: string;
  role: Role;
  twoFactorEnabled: boolean;
  createdAt: Date;
}

export type MemberChange =
  { outcome: 'done'; revokedKeyIds: string[] } | { outcome: 'last_owner' } | { outcome: 'unknown' };

@Injectable()
export class MembersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Of one user, oldest first. Index members_user_id_idx. */
  async membershipsOf(userId: string): Promise<Membership[]> {
    const rows = await this.database.prisma.member.findMany({
      where: { userId, organization: { deletedAt: null } },
      orderBy: [{ createdAt: 'asc' }, { organizationId: 'asc' }],
      select: { organizationId: true, role: true, organization: { select: { name: true } } },
    });
    return rows.map((row) => ({
      organizationId: row.organizationId,
      organizationName: row.organization.name,
      role: row.role as Role,
    }));
  }

  /** The organization of a project that is the user's too. Primary keys. */
  async organizationOfProject(userId: string, projectId: string): Promise<string | undefined> {
    const project = await this.database.prisma.project.findFirst({
      where: { id: projectId, deletedAt: null, organization: { members: { some: { userId } } } },
      select: { organizationId: true },
    });
    return project?.organizationId;
  }

  /** The same of a connection. Primary keys. */
  async organizationOfConnection(userId: string, connectionId: string): Promise<string | undefined> {
    const connection = await this.database.prisma.connection.findFirst({
      where: {
        id: connectionId,
        project: { deletedAt: null, organization: { members: { some: { userId } } } },
      },
      select: { project: { select: { organizationId: true } } },
    });
    return connection?.project.organizationId;
  }

  /** Oldest first. */
  async list(organizationId: string): Promise<MemberRecord[]> {
    const rows = await this.database.prisma.member.findMany({
      where: { organizationId },
      orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
      select: memberFields,
    });
    return rows.map(toRecord);
  }

  async find(organizationId: string, userId: string): Promise<MemberRecord | undefined> {
    const row = await this.database.prisma.member.findFirst({
      where: { organizationId, userId },
      select: memberFields,
    });
    return row === null ? undefined : toRecord(row);
  }

  /** Somebody who is a member already keeps their role. @returns whether the user is a member only now */
  async add(organizationId: string, userId: string, role: Role): Promise<boolean> {
    const { count } = await this.database.prisma.member.createMany({
      data: [{ organizationId, userId, role }],
      skipDuplicates: true,
    });
    return count > 0;
  }

  /**
   * Sets a role, or removes the member with the organization keys that they made, unless the organization would have no owner
   * then. The organization's row is locked first: two owners who demote each other come one after the other.
   *
   * @returns `done` with the keys revoked, `last_owner`, or `unknown` when there is no such member
   */
  async change(organizationId: string, userId: string, role: Role | 'removed'): Promise<MemberChange> {
    return this.database.transaction(async (sql) => {
      await sql.query('SELECT id FROM organizations WHERE id = $1 FOR UPDATE', [organizationId]);
      const { rows } = await sql.query<{ user_id: string; role: Role }>(
        'SELECT user_id, role FROM members WHERE organization_id = $1',
        [organizationId],
      );
      if (!rows.some((row) => row.user_id === userId)) return { outcome: 'unknown' };
      const hasOther = rows.some((row) => row.role === 'owner' && row.user_id !== userId);
      if (role !== 'owner' && !hasOther) return { outcome: 'last_owner' };
      if (role !== 'removed') {
        await sql.query('UPDATE members SET role = $3 WHERE organization_id = $1 AND user_id = $2', [
          organizationId,
          userId,
          role,
        ]);
        return { outcome: 'done', revokedKeyIds: [] };
      }
      await sql.query('DELETE FROM members WHERE organization_id = $1 AND user_id = $2', [
        organizationId,
        userId,
      ]);
      const { rows: keys } = await sql.query<{ id: string }>(
        `UPDATE api_keys SET revoked_at = now()
         WHERE organization_id = $1 AND project_id IS NULL AND created_by = $2 AND revoked_at IS NULL RETURNING id`,
        [organizationId, userId],
      );
      return { outcome: 'done', revokedKeyIds: keys.map(({ id }) => id) };
    });
  }
}

const memberFields = {
  userId: true,
  role: true,
  createdAt: true,
  user: { select: { name: true, email: true, twoFactorEnabled: true } },
} as const;

function toRecord(row: {
  userId: string;
  role: string;
  createdAt: Date;
  user: { name: string; email: string; twoFactorEnabled: boolean };
}): MemberRecord {
  return { userId: row.userId, role: row.role as Role, createdAt: row.createdAt, ...row.user };
}
