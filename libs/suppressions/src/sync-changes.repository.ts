import type { Sql } from '#libs/database';
import type { Suppression } from './suppression.js';

/**
 * SQL: parts of a WITH after `added (project_id, email, origin, ses_connection_id, is_new)`, so that adding stays one statement. Notes what
 * the suppression lists of SES accounts are to be told, for those connections of the projects that want it; no row where none does. An
 * open note of the opposite is withdrawn: only the last word counts. What came from an account's list is told to none. Index on
 * suppression_syncs (project_id).
 *
 * @param isUrgent a person waits for it: the connections are looked at now and not at their next turn
 */
export function notingPuts(isUrgent: boolean): string {
  return `wanted AS (
         SELECT s.connection_id, a.email, a.origin FROM added a JOIN suppression_syncs s ON s.project_id = a.project_id AND s.mode = 'both'
         WHERE a.is_new AND a.ses_connection_id IS NULL),
       withdrawn AS (
         DELETE FROM suppression_sync_changes c USING wanted w
         WHERE c.connection_id = w.connection_id AND c.email = w.email AND c.done_at IS NULL),
       woken AS (
         UPDATE suppression_syncs SET sync_at = LEAST(sync_at, now())
         WHERE ${isUrgent} AND connection_id IN (SELECT connection_id FROM wanted)),
       noted AS (
         INSERT INTO suppression_sync_changes (connection_id, email, address, action, origin)
         SELECT connection_id, email, email, 'put', origin FROM wanted)`;
}

/** The other way, in the transaction of the removal: the addresses may be sent to again, under every spelling that the account's list has of them. */
export async function noteSyncDeletes(
  sql: Sql,
  projectId: string,
  suppressions: readonly Suppression[],
): Promise<void> {
  if (suppressions.length === 0) return;
  await sql.query(
    `WITH wanted AS (
       SELECT s.connection_id, t.email, t.origin FROM unnest($2::text[], $3::text[]) AS t(email, origin)
       JOIN suppression_syncs s ON s.project_id = $1 AND s.mode = 'both'),
     withdrawn AS (
       DELETE FROM suppression_sync_changes c USING wanted w
       WHERE c.connection_id = w.connection_id AND c.email = w.email AND c.done_at IS NULL),
     woken AS (
       UPDATE suppression_syncs SET sync_at = LEAST(sync_at, now()) WHERE connection_id IN (SELECT connection_id FROM wanted)),
     spelled AS (
       DELETE FROM suppression_sync_spellings p USING wanted w
       WHERE p.connection_id = w.connection_id AND p.email = w.email RETURNING p.connection_id, p.email, p.address)
     INSERT INTO suppression_sync_changes (connection_id, email, address, action, origin)
     SELECT connection_id, email, email, 'delete', origin FROM wanted
     UNION ALL
     SELECT w.connection_id, w.email, p.address, 'delete', w.origin
     FROM wanted w JOIN spelled p ON p.connection_id = w.connection_id AND p.email = w.email`,
    [projectId, suppressions.map(({ email }) => email), suppressions.map(({ origin }) => origin)],
  );
}
