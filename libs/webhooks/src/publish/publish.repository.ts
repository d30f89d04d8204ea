import { Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';

/** One event with the id of the message it becomes. */
export interface EventRow {
  messageId: string;
  projectId: string;
  type: string;
  at: Date;
  emailId: string | undefined;
  data: object | undefined;
}

const iso = (time: string): string => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The `data` of an event: what the emails row says, then what the event adds. Tags are an object here, unlike in REST. */
const dataSql = `CASE WHEN h.sender IS NULL THEN CASE WHEN h.email_id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('email_id', h.email_id) END
  ELSE jsonb_build_object(
    'email_id', h.email_id,
    'message_id', '<' || h.ses_message_id || '@' || CASE h.region WHEN 'us-east-1' THEN 'email' ELSE h.region END || '.amazonses.com>',
    'created_at', ${iso('h.email_created_at')},
    'from', h.sender, 'to', h.addresses -> 'to', 'subject', h.subject,
    'tags', (SELECT coalesce(jsonb_object_agg(tag ->> 'name', tag ->> 'value'), '{}') FROM jsonb_array_elements(h.tags) AS tag))
  END || coalesce(h.extra, '{}')`;

/**
 * The end of a statement that publishes, for statements that find out themselves what happened. Before it stands
 * `WITH … happened AS (…), ` with the columns message_id, project_id, type, at, extra (jsonb), email_id and, of that email or null,
 * email_created_at, sender, addresses, subject, tags, ses_message_id, region.
 *
 * Stores each event that an enabled endpoint of its project wants as a message, with the bytes that every attempt will send, and a
 * delivery for each such endpoint. Returns the endpoints as `webhook_id`. Index (project_id, id) of webhooks, primary keys.
 *
 * `wake_at` is a hint for the ticker, so whoever holds the row now is not waited for: a wake-up by job follows, and a sweep finds the rest.
 */
export const publishSql = `wanted AS (
    SELECT h.message_id, w.id AS webhook_id
    FROM happened h JOIN webhooks w ON w.project_id = h.project_id
    WHERE w.status = 'enabled' AND h.type = ANY (w.events)
  ), messages_made AS (
    INSERT INTO webhook_messages (id, project_id, type, at, payload)
    SELECT h.message_id, h.project_id, h.type, h.at,
           '{"type":' || to_json(h.type)::text || ',"created_at":"' || ${iso('h.at')} || '","data":' || (${dataSql})::text || '}'
    FROM happened h WHERE h.message_id IN (SELECT message_id FROM wanted)
  ), deliveries_made AS (
    INSERT INTO webhook_deliveries (message_id, webhook_id, next_attempt_at) SELECT message_id, webhook_id, now() FROM wanted
  ), endpoints_woken AS (
    UPDATE webhooks SET wake_at = now()
    WHERE id IN (SELECT id FROM webhooks WHERE id IN (SELECT webhook_id FROM wanted) AND (wake_at IS NULL OR wake_at > now()) FOR UPDATE SKIP LOCKED)
  )
  SELECT DISTINCT webhook_id FROM wanted`;

/** What {@link publishSql} wants to know of an email `e` and its connection `c`. */
export const emailColumnsSql = `e.created_at AS email_created_at, e.sender, e.addresses, e.subject, e.tags, e.ses_message_id, c.region`;

@Injectable()
export class PublishRepository {
  /** One statement for all events. @returns the endpoints that have something to deliver now */
  async store(sql: Sql, events: readonly EventRow[]): Promise<string[]> {
    const column = <T>(pick: (event: EventRow) => T): T[] => events.map(pick);
    const { rows } = await sql.query<{ webhook_id: string }>(
      `WITH given AS (
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::jsonb[])
           AS t(message_id, project_id, type, at, email_id, extra)
       ), happened AS (
         SELECT g.*, ${emailColumnsSql}
         FROM given g LEFT JOIN emails e ON e.id = g.email_id AND e.project_id = g.project_id LEFT JOIN connections c ON c.id = e.connection_id
       ), ${publishSql}`,
      [
        column((event) => event.messageId),
        column((event) => event.projectId),
        column((event) => event.type),
        column((event) => event.at),
        column((event) => event.emailId ?? null),
        column((event) => (event.data === undefined ? null : JSON.stringify(event.data))),
      ],
      'webhooks-publish',
    );
    return rows.map((row) => row.webhook_id);
  }
}
