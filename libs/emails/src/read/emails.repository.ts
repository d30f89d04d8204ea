import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { shareLanes } from '../lane-lock.repository.js';
import type { EmailDetailRow, EmailRow } from './email-view.js';

export interface Page {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
  /** Only these: the dead letters are `failed`, `uncertain` and `expired`. */
  status?: string | undefined;
}

const columns = `e.id, e.status, e.sender, e.addresses, e.subject, e.tags, e.connection_id, c.region, e.attempts, e.due_at, e.scheduled_at,
  e.expires_at, e.sent_at, e.ses_message_id, e.error_name, e.error_message, e.error_remedy, e.created_at, e.engagement`;

@Injectable()
export class EmailsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary keys. */
  async find(projectId: string, id: string): Promise<EmailDetailRow | undefined> {
    const { rows } = await this.database.query<EmailDetailRow>(
      `SELECT ${columns}, t.payload, t.original, c.status AS connection_status, c.status = 'paused' AND c.paused_reason IS NOT NULL AS is_paused_by_us, a.quota_blocked_until, a.throttled_at
       FROM emails e JOIN connections c ON c.id = e.connection_id
       LEFT JOIN ses_accounts a ON a.id = c.ses_account_id
       LEFT JOIN email_contents t ON t.email_id = e.id
       WHERE e.id = $2 AND e.project_id = $1`,
      [projectId, id],
    );
    return rows[0];
  }

  /** Index events_email_id_idx. */
  async events(
    projectId: string,
    id: string,
  ): Promise<{ type: string; at: Date; recipient: string | null; data: unknown }[]> {
    const { rows } = await this.database.query<{
      type: string;
      at: Date;
      recipient: string | null;
      data: unknown;
    }>(
      'SELECT type, at, recipient, data FROM events WHERE email_id = $2 AND project_id = $1 ORDER BY at, id',
      [projectId, id],
    );
    return rows;
  }

  /** One more than the limit, newest first, so that the caller sees whether there are more. Index (project_id, id). */
  async list(projectId: string, { limit, after, before, status }: Page): Promise<EmailRow[]> {
    const order = before === undefined ? 'DESC' : 'ASC';
    const { rows } = await this.database.query<EmailRow>(
      `SELECT ${columns} FROM emails e JOIN connections c ON c.id = e.connection_id
       WHERE e.project_id = $1 AND ($2::uuid IS NULL OR e.id < $2) AND ($3::uuid IS NULL OR e.id > $3) AND ($5::text IS NULL OR e.status = $5)
       ORDER BY e.id ${order} LIMIT $4`,
      [projectId, after ?? null, before ?? null, limit + 1, status ?? null],
    );
    return rows;
  }

  async exists(projectId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.database.query('SELECT 1 FROM emails WHERE id = $2 AND project_id = $1', [
      projectId,
      id,
    ]);
    return rowCount > 0;
  }

  /** Only a mail that nobody has claimed; the row lock of a claim decides a race. @returns whether it was changed */
  async cancel(projectId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE emails SET status = 'canceled' WHERE id = $2 AND project_id = $1 AND status = 'scheduled'`,
      [projectId, id],
    );
    return rowCount > 0;
  }

  /** @returns the lane to wake, or undefined when the mail is not scheduled any more */
  reschedule(projectId: string, id: string, at: Date): Promise<string | undefined> {
    return this.putBack(
      projectId,
      id,
      `due_at = $3, scheduled_at = $3, expires_at = expires_at + ($3 - due_at)`,
      `status = 'scheduled'`,
      at,
    );
  }

  /** @returns the lane to wake, or undefined when the mail is in no state to be sent again */
  requeue(projectId: string, id: string, now: Date): Promise<string | undefined> {
    return this.putBack(
      projectId,
      id,
      `status = 'queued', due_at = $3, attempts = 0, expires_at = NULL, claim_id = NULL,
       error_name = NULL, error_message = NULL, error_remedy = NULL`,
      `status IN ('failed', 'uncertain', 'expired')`,
      now,
    );
  }

  /** Makes a mail due at `at` and lowers its lane's wake-up time, under the lane's lock. Primary keys. */
  private putBack(
    projectId: string,
    id: string,
    set: string,
    condition: string,
    at: Date,
  ): Promise<string | undefined> {
    return this.database.transaction(async (sql) => {
      const { rows } = await sql.query<{ connection_id: string }>(
        'SELECT connection_id FROM emails WHERE id = $2 AND project_id = $1',
        [projectId, id],
      );
      const connectionId = rows[0]?.connection_id;
      if (connectionId === undefined) return undefined;
      await shareLanes(sql, [connectionId]);
      const { rowCount } = await sql.query(
        `WITH changed AS (
           UPDATE emails SET ${set} WHERE id = $2 AND project_id = $1 AND ${condition} RETURNING connection_id
         ), woken AS (
           UPDATE lanes SET wake_at = $3 FROM changed
           WHERE lanes.connection_id = changed.connection_id AND (wake_at IS NULL OR wake_at > $3)
         )
         SELECT 1 FROM changed`,
        [projectId, id, at],
      );
      return rowCount > 0 ? connectionId : undefined;
    });
  }
}
