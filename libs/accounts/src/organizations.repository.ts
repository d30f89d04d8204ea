import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

export interface OrganizationRecord {
  id: string;
  name: string;
  createdAt: Date;
}

export type OrganizationRemoval =
  | { outcome: 'done'; keys: number; invitations: number; members: number }
  | { outcome: 'has_projects'; projects: string[] }
  | { outcome: 'unknown' };

const select = { id: true, name: true, createdAt: true } as const;

@Injectable()
export class OrganizationsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async create(id: string, name: string): Promise<void> {
    await this.database.prisma.organization.create({ data: { id, name } });
  }

  find(id: string): Promise<OrganizationRecord | null> {
    return this.database.prisma.organization.findFirst({ where: { id, deletedAt: null }, select });
  }

  rename(id: string, name: string): Promise<OrganizationRecord> {
    return this.database.prisma.organization.update({ where: { id }, data: { name }, select });
  }

  /**
   * Ends its keys, invitations and memberships, unless it still has projects. The row stays: the audit log names it. Locked first,
   * so that of two who delete only one does.
   *
   * @returns what ended, or the names of the projects, or `unknown` when it is gone already
   */
  async remove(id: string): Promise<OrganizationRemoval> {
    return this.database.transaction(async (sql) => {
      const { rows: found } = await sql.query(
        'SELECT id FROM organizations WHERE id = $1 AND deleted_at IS NULL FOR UPDATE',
        [id],
      );
      if (found.length === 0) return { outcome: 'unknown' };
      const { rows: projects } = await sql.query<{ name: string }>(
        'SELECT name FROM projects WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id',
        [id],
      );
      if (projects.length > 0) return { outcome: 'has_projects', projects: projects.map(({ name }) => name) };
      await sql.query('UPDATE organizations SET deleted_at = now() WHERE id = $1', [id]);
      const { rowCount: keys } = await sql.query(
        'UPDATE api_keys SET revoked_at = now() WHERE organization_id = $1 AND revoked_at IS NULL',
        [id],
      );
      const { rowCount: invitations } = await sql.query(
        `UPDATE invitations SET revoked_at = now()
         WHERE organization_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL`,
        [id],
      );
      const { rowCount: members } = await sql.query('DELETE FROM members WHERE organization_id = $1', [id]);
      return { outcome: 'done', keys: keys ?? 0, invitations: invitations ?? 0, members: members ?? 0 };
    });
  }
}
