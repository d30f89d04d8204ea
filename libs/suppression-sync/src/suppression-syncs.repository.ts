import { Inject, Injectable } from '@nestjs/common';
import { appendAudit, Database, type AuditNote } from '#libs/database';
import type { SuppressionSync, SyncMode } from './suppression-sync.js';
import { syncColumns, toSync, type SyncRow } from './sync-row.repository.js';

/** Syncs of one project. */
@Injectable()
export class SuppressionSyncsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary key. */
  async find(projectId: string, connectionId: string): Promise<SuppressionSync | undefined> {
    const { rows } = await this.database.query<SyncRow>(
      `SELECT ${syncColumns} FROM suppression_syncs s WHERE s.connection_id = $2 AND s.project_id = $1`,
      [projectId, connectionId],
    );
    const [row] = rows;
    return row && toSync(row);
  }

  /**
   * Due at once. Another mode reads the account's list from its beginning, so that nothing is put there that it has; `both` begins with
   * everything that the project itself suppresses.
   */
  async set(
    projectId: string,
    connectionId: string,
    mode: SyncMode,
    audit: AuditNote & { at: Date },
  ): Promise<void> {
    await this.database.transaction(async (sql) => {
      const { rows } = await sql.query<{ mode: SyncMode }>(
        'SELECT mode FROM suppression_syncs WHERE connection_id = $2 AND project_id = $1 FOR UPDATE',
        [projectId, connectionId],
      );
      const before = rows[0]?.mode ?? 'off';
      await sql.query(
        `INSERT INTO suppression_syncs AS s (connection_id, project_id, mode, asked_at, sync_at)
         SELECT id, project_id, $3, $4, $4 FROM connections WHERE id = $2 AND project_id = $1
         ON CONFLICT (connection_id) DO UPDATE SET mode = EXCLUDED.mode, asked_at = EXCLUDED.asked_at, sync_at = EXCLUDED.sync_at,
           failures = 0, problem = NULL,
           seen_until = CASE WHEN s.mode = EXCLUDED.mode THEN s.seen_until END, pass_began_at = NULL, next_token = NULL`,
        [projectId, connectionId, mode, audit.at],
      );
      if (before === mode) return;
      await sql.query('DELETE FROM suppression_sync_changes WHERE connection_id = $1', [connectionId]);
      if (mode === 'both')
        await sql.query(
          `INSERT INTO suppression_sync_changes (connection_id, email, address, action, origin)
           SELECT $2, email, email, 'put', origin FROM suppressions WHERE project_id = $1 AND ses_connection_id IS NULL ORDER BY id`,
          [projectId, connectionId],
        );
      await appendAudit(sql, projectId, `connection:${connectionId}`, audit, { from: before, to: mode });
    });
  }

  /** Off: what was to be told to the account is forgotten; both lists stay as they are. */
  async remove(projectId: string, connectionId: string, audit: AuditNote): Promise<void> {
    await this.database.transaction(async (sql) => {
      const { rows } = await sql.query<{ mode: SyncMode }>(
        'DELETE FROM suppression_syncs WHERE connection_id = $2 AND project_id = $1 RETURNING mode',
        [projectId, connectionId],
      );
      const [row] = rows;
      if (row === undefined) return;
      await appendAudit(sql, projectId, `connection:${connectionId}`, audit, { from: row.mode, to: 'off' });
    });
  }
}
