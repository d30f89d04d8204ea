import { newId } from '#libs/crypto';
import type { Sql } from './database.js';

/** Who did what, and when. */
export interface AuditNote {
  /** `key:<id>`, `user:<id>` or `system`. */
  actor: string;
  /** `domain.created` … */
  action: string;
  /** Left out: now, by the database's clock. */
  at?: Date;
}

/**
 * Appends one entry about something in a project; the organization is the project's. In the transaction of the change, so that neither
 * is there without the other.
 *
 * @param target `<kind>:<id>`
 * @param data ids and settings, never a secret
 */
export async function appendAudit(
  sql: Sql,
  projectId: string,
  target: string,
  { actor, action, at }: AuditNote,
  data: object,
): Promise<void> {
  await sql.query(
    `INSERT INTO audit_entries (id, organization_id, project_id, actor, action, target, data, at)
     SELECT $1, organization_id, id, $3, $4, $5, $6, coalesce($7, now()) FROM projects WHERE id = $2`,
    [newId(), projectId, actor, action, target, JSON.stringify(data), at ?? null],
  );
}
