import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { shareLanes } from '../lane-lock.repository.js';

const MAILS_AT_ONCE = 500;

@Injectable()
export class FailoverRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Moves due single mails of one connection to another of the same project, if that one sends. Index emails_due_idx.
   *
   * @returns how many
   */
  async moveSingles(projectId: string, connectionId: string, fallbackId: string): Promise<number> {
    return this.database.transaction(async (sql) => {
      await shareLanes(sql, [connectionId, fallbackId]);
      const { rowCount } = await sql.query(
        `WITH target AS (
           SELECT id FROM connections WHERE id = $3 AND project_id = $1 AND status IN ('active', 'degraded')
         ), due AS (
           SELECT e.id FROM emails e, target
           WHERE e.connection_id = $2 AND e.status IN ('queued', 'scheduled') AND e.priority = 0 AND e.due_at <= now() AND e.project_id = $1
           ORDER BY e.due_at LIMIT ${MAILS_AT_ONCE} FOR UPDATE OF e SKIP LOCKED
         ), woken AS (
           UPDATE lanes SET wake_at = now() FROM target WHERE lanes.connection_id = target.id AND (wake_at IS NULL OR wake_at > now())
         )
         UPDATE emails SET connection_id = $3 FROM due WHERE emails.id = due.id`,
        [projectId, connectionId, fallbackId],
        'failover-move',
      );
      return rowCount;
    });
  }
}
