import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';

/** One SES event record on its way in. */
export interface InboxItem {
  connectionId: string;
  /** The transport's own id of the message (SNS, EventBridge, SQS): the same one is taken in once. */
  transportId: string;
  /** The record of SES, JSON text. */
  body: string;
}

/** A record that waits to be folded. */
export interface InboxRow {
  id: string;
  body: string;
  receivedAt: Date;
}

/** Bodies of one turn, in bytes; a longer one still goes, alone. */
const MAX_BYTES = 16 * 1024 * 1024;
/** A fold that was woken has begun by then, or the wake-up was lost. */
const OVERDUE_SECONDS = 2;

/** The records of all connections between their arrival and their folding. */
@Injectable()
export class SystemInboxRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Stores what has not been taken in before; one statement. Ordered, so that two that store the same wait for each other and do not
   * lock up. Primary key of event_receipts.
   *
   * @param items each (connection, transport id) once @returns the new ones, as `connection transport-id`
   */
  async store(items: readonly InboxItem[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.database.query<{ connection_id: string; transport_id: string }>(
      `WITH given AS (
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS t(id, connection_id, transport_id, body)
       ), fresh AS (
         INSERT INTO event_receipts (connection_id, transport_id)
         SELECT connection_id, transport_id FROM given ORDER BY connection_id, transport_id
         ON CONFLICT DO NOTHING RETURNING connection_id, transport_id
       ), stored AS (
         INSERT INTO event_inbox (id, connection_id, due_at, body)
         SELECT given.id, given.connection_id, now(), given.body FROM given JOIN fresh USING (connection_id, transport_id)
       )
       SELECT connection_id, transport_id FROM fresh`,
      [
        items.map(() => newId()),
        items.map(({ connectionId }) => connectionId),
        items.map(({ transportId }) => transportId),
        items.map(({ body }) => body),
      ],
      'events-store',
    );
    return new Set(rows.map((row) => `${row.connection_id} ${row.transport_id}`));
  }

  /**
   * The next records of a connection, locked until the transaction ends; another fold passes them over. Index (connection_id, due_at).
   *
   * @returns none and no project when the connection is gone
   */
  async take(
    sql: Sql,
    connectionId: string,
    limit: number,
  ): Promise<{ projectId: string | undefined; rows: InboxRow[] }> {
    const { rows } = await sql.query<{ id: string; body: string; received_at: Date; project_id: string }>(
      `WITH due AS (
         SELECT id, due_at, octet_length(body) AS bytes FROM event_inbox
         WHERE connection_id = $1 AND due_at <= now() ORDER BY due_at, id LIMIT $2
       ), fitting AS (
         SELECT id FROM (SELECT id, bytes, sum(bytes) OVER (ORDER BY due_at, id) AS upto FROM due) AS summed WHERE upto - bytes < ${MAX_BYTES}
       )
       SELECT i.id, i.body, i.received_at, c.project_id
       FROM event_inbox i JOIN connections c ON c.id = i.connection_id
       WHERE i.id IN (SELECT id FROM fitting) ORDER BY i.due_at, i.id FOR UPDATE OF i SKIP LOCKED`,
      [connectionId, limit],
      'events-take',
    );
    return {
      projectId: rows[0]?.project_id,
      rows: rows.map(({ id, body, received_at: receivedAt }) => ({ id, body, receivedAt })),
    };
  }

  /** Connections with records that nobody has begun with. Skips along the index (connection_id, due_at): one look for each connection. */
  async overdue(limit: number): Promise<string[]> {
    const { rows } = await this.database.query<{ connection_id: string }>(
      `WITH RECURSIVE waiting AS (
         (SELECT connection_id FROM event_inbox ORDER BY connection_id LIMIT 1)
         UNION ALL
         SELECT (SELECT connection_id FROM event_inbox WHERE connection_id > w.connection_id ORDER BY connection_id LIMIT 1)
         FROM waiting w WHERE w.connection_id IS NOT NULL
       )
       SELECT w.connection_id FROM waiting w
       WHERE w.connection_id IS NOT NULL AND EXISTS (
         SELECT 1 FROM event_inbox i
         WHERE i.connection_id = w.connection_id AND i.due_at < now() - interval '${OVERDUE_SECONDS} seconds')
       LIMIT $1`,
      [limit],
      'events-overdue',
    );
    return rows.map((row) => row.connection_id);
  }
}
