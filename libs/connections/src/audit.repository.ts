import { newId } from '#libs/crypto';
import type { AuditNote } from './connection-change.js';

/** The part of a Prisma client or transaction that runs a statement. */
export interface RawExecutor {
  $executeRaw(query: TemplateStringsArray, ...values: unknown[]): PromiseLike<number>;
}

/** Appends one entry; the organization is the project's. */
export async function appendAudit(
  raw: RawExecutor,
  projectId: string,
  connectionId: string,
  note: AuditNote,
  now: Date,
): Promise<void> {
  await raw.$executeRaw`
    INSERT INTO audit_entries (id, organization_id, project_id, actor, action, target, data, at)
    SELECT ${newId()}::uuid, organization_id, id, ${note.actor}, ${note.action}, ${`connection:${connectionId}`},
           ${note.data === undefined ? null : JSON.stringify(note.data)}::jsonb, ${now}
    FROM projects WHERE id = ${projectId}::uuid`;
}
