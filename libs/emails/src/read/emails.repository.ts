import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { EmailDetailRow, EmailRow } from './email-view.js';

export interface Page {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

const columns = `e.id, e.status, e.sender, e.addresses, e.subject, e.tags, e.connection_id, c.region, e.attempts, e.due_at, e.scheduled_at,
  e.expires_at, e.sent_at, e.ses_message_id, e.error_name, e.error_message, e.error_remedy, e.created_at`;

@Injectable()
export class EmailsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary keys. */
  async find(projectId: string, id: string): Promise<EmailDetailRow | undefined> {
    const { rows } = await this.database.query<EmailDetailRow>(
      `SELECT ${columns}, t.payload, t.original, c.status AS connection_status, a.quota_blocked_until, a.throttled_at
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
  async list(projectId: string, { limit, after, before }: Page): Promise<EmailRow[]> {
    const order = before === undefined ? 'DESC' : 'ASC';
    const { rows } = await this.database.query<EmailRow>(
      `SELECT ${columns} FROM emails e JOIN connections c ON c.id = e.connection_id
       WHERE e.project_id = $1 AND ($2::uuid IS NULL OR e.id < $2) AND ($3::uuid IS NULL OR e.id > $3)
       ORDER BY e.id ${order} LIMIT $4`,
      [projectId, after ?? null, before ?? null, limit + 1],
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
  async reschedule(projectId: string, id: string, at: Date): Promise<string | undefined> {
    const { rows } = await this.database.query<{ connection_id: string }>(
      `WITH changed AS (
         UPDATE emails SET due_at = $3, scheduled_at = $3, expires_at = expires_at + ($3 - due_at)
         WHERE id = $2 AND project_id = $1 AND status = 'scheduled' RETURNING connection_id
       ), woken AS (
         UPDATE lanes SET wake_at = $3 FROM changed WHERE lanes.connection_id = changed.connection_id AND (wake_at IS NULL OR wake_at > $3)
       )
       SELECT connection_id FROM changed`,
      [projectId, id, at],
    );
    return rows[0]?.connection_id;
  }
}
