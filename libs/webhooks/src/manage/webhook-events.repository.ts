import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt } from '#libs/crypto';
import { Database } from '#libs/database';

export interface WebhookEventRecord {
  messageId: string;
  type: string;
  at: Date;
  status: 'pending' | 'attempting' | 'success' | 'failed';
  nextAttemptAt: Date | null;
}

export interface WebhookAttemptRecord {
  id: string;
  statusCode: number | null;
  response: string | null;
  error: string | null;
  durationMs: number;
  sentAt: Date;
}

const columns = `d.message_id AS "messageId", m.type, m.at, d.status, CASE WHEN d.status = 'pending' THEN d.next_attempt_at END AS "nextAttemptAt"`;

/** What an endpoint of a project got. The project is asked of the endpoint, every time. */
@Injectable()
export class WebhookEventsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One more than the limit, newest first. Index (webhook_id, message_id), primary keys. */
  async list(
    projectId: string,
    webhookId: string,
    page: { limit: number; after: string | undefined; status: string | undefined },
  ): Promise<WebhookEventRecord[]> {
    const { rows } = await this.database.query<WebhookEventRecord>(
      `SELECT ${columns} FROM webhooks w JOIN webhook_deliveries d ON d.webhook_id = w.id JOIN webhook_messages m ON m.id = d.message_id
       WHERE w.id = $2 AND w.project_id = $1 AND d.webhook_id = $2 AND ($3::uuid IS NULL OR d.message_id < $3) AND ($4::text IS NULL OR d.status = $4)
       ORDER BY d.message_id DESC LIMIT $5`,
      [projectId, webhookId, page.after ?? null, page.status ?? null, page.limit + 1],
    );
    return rows;
  }

  /** Primary keys. */
  async find(
    projectId: string,
    webhookId: string,
    messageId: string,
  ): Promise<(WebhookEventRecord & { payload: string }) | undefined> {
    const { rows } = await this.database.query<WebhookEventRecord & { payload: string }>(
      `SELECT ${columns}, m.payload FROM webhooks w JOIN webhook_deliveries d ON d.webhook_id = w.id JOIN webhook_messages m ON m.id = d.message_id
       WHERE w.id = $2 AND w.project_id = $1 AND d.message_id = $3`,
      [projectId, webhookId, messageId],
    );
    return rows[0];
  }

  /** One more than the limit, newest first. Primary key of the attempts. */
  async attempts(
    projectId: string,
    webhookId: string,
    messageId: string,
    page: { limit: number; after: string | undefined },
  ): Promise<WebhookAttemptRecord[]> {
    const { rows } = await this.database.query<WebhookAttemptRecord>(
      `SELECT a.id, a.status_code AS "statusCode", a.response, a.error, a.duration_ms AS "durationMs", a.sent_at AS "sentAt"
       FROM webhooks w JOIN webhook_attempts a ON a.webhook_id = w.id
       WHERE w.id = $2 AND w.project_id = $1 AND a.message_id = $3 AND ($4::uuid IS NULL OR a.id < $4)
       ORDER BY a.id DESC LIMIT $5`,
      [projectId, webhookId, messageId, page.after ?? null, page.limit + 1],
    );
    return rows;
  }

  /** Due now, with the whole schedule before it again; one that is being attempted is left to that. Primary keys. */
  async replay(projectId: string, webhookId: string, messageId: string): Promise<void> {
    await this.database.query(
      `WITH due AS (
         UPDATE webhook_deliveries d SET status = 'pending', attempts = 0, next_attempt_at = now()
         FROM webhooks w WHERE w.id = $2 AND w.project_id = $1 AND d.webhook_id = w.id AND d.message_id = $3 AND d.status <> 'attempting'
       )
       UPDATE webhooks SET wake_at = now() WHERE id = $2 AND project_id = $1 AND status = 'enabled'`,
      [projectId, webhookId, messageId],
    );
  }

  /**
   * The same for many, oldest first. Index (webhook_id, message_id): an id is a time.
   *
   * @returns the ids, in order
   */
  async replayRange(
    projectId: string,
    webhookId: string,
    range: { since: Date; until: Date; statuses: readonly string[]; limit: number },
  ): Promise<string[]> {
    const { rows } = await this.database.query<{ message_id: string }>(
      `WITH chosen AS (
         SELECT d.message_id FROM webhooks w JOIN webhook_deliveries d ON d.webhook_id = w.id
         WHERE w.id = $2 AND w.project_id = $1 AND d.webhook_id = $2 AND d.message_id >= $3 AND d.message_id < $4 AND d.status = ANY ($5)
         ORDER BY d.message_id LIMIT $6
       ), due AS (
         UPDATE webhook_deliveries d SET status = 'pending', attempts = 0, next_attempt_at = now()
         FROM chosen WHERE d.message_id = chosen.message_id AND d.webhook_id = $2 AND d.status = ANY ($5)
         RETURNING d.message_id
       ), woken AS (
         UPDATE webhooks SET wake_at = now() WHERE id = $2 AND project_id = $1 AND status = 'enabled'
       )
       SELECT message_id FROM due ORDER BY message_id`,
      [projectId, webhookId, firstIdAt(range.since), firstIdAt(range.until), range.statuses, range.limit],
    );
    return rows.map((row) => row.message_id);
  }

  /** A message for this endpoint alone, whatever it subscribes to. */
  async storeFor(
    projectId: string,
    webhookId: string,
    message: { id: string; type: string; at: Date; payload: string },
  ): Promise<void> {
    await this.database.query(
      `WITH endpoint AS (
         SELECT id, project_id FROM webhooks WHERE id = $2 AND project_id = $1
       ), stored AS (
         INSERT INTO webhook_messages (id, project_id, type, at, payload) SELECT $3, project_id, $4, $5, $6 FROM endpoint
       ), due AS (
         INSERT INTO webhook_deliveries (message_id, webhook_id, next_attempt_at) SELECT $3, id, now() FROM endpoint
       )
       UPDATE webhooks SET wake_at = now() FROM endpoint WHERE webhooks.id = endpoint.id`,
      [projectId, webhookId, message.id, message.type, message.at, message.payload],
    );
  }
}
