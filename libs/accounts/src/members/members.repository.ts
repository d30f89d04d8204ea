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

@Injectable()
export class MembersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Of one user, oldest first. Index members_user_id_idx. */
  async membershipsOf(userId: string): Promise<Membership[]> {
    const rows = await this.database.prisma.member.findMany({
      where: { userId },
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
   * Sets a role, or removes the member, unless the organization would have no owner then. The organization's row is locked
   * first: two owners who demote each other come one after the other.
   *
   * @returns `done`, `last_owner`, or `unknown` when there is no such member
   */
  async change(
    organizationId: string,
    userId: string,
    role: Role | 'removed',
  ): Promise<'done' | 'last_owner' | 'unknown'> {
    return this.database.transaction(async (sql) => {
      await sql.query('SELECT id FROM organizations WHERE id = $1 FOR UPDATE', [organizationId]);
      const { rows } = await sql.query<{ user_id: string; role: Role }>(
        'SELECT user_id, role FROM members WHERE organization_id = $1',
        [organizationId],
      );
      if (!rows.some((row) => row.user_id === userId)) return 'unknown';
      const hasOther = rows.some((row) => row.role === 'owner' && row.user_id !== userId);
      if (role !== 'owner' && !hasOther) return 'last_owner';
      await sql.query(
        role === 'removed'
          ? 'DELETE FROM members WHERE organization_id = $1 AND user_id = $2'
          : 'UPDATE members SET role = $3 WHERE organization_id = $1 AND user_id = $2',
        role === 'removed' ? [organizationId, userId] : [organizationId, userId, role],
      );
      return 'done';
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
