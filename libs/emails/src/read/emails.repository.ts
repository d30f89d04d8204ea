import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt } from '#libs/crypto';
import { Database } from '#libs/database';
import { shareLanes } from '../lane-lock.repository.js';
import type { EmailDetailRow, EmailEvent, EmailRow } from './email-view.js';

export interface Page {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

/** What a list is narrowed to; all of it must hold. */
export interface EmailFilter {
  /** Only these: the dead letters are `failed`, `uncertain` and `expired`. */
  status?: string | undefined;
  connectionId?: string | undefined;
  /** A part of an address or name in To, Cc or Bcc, in any case. */
  recipient?: string | undefined;
  /** A part of the subject, in any case. */
  subject?: string | undefined;
  /** The name of a tag. */
  tag?: string | undefined;
  tagValue?: string | undefined;
  sesMessageId?: string | undefined;
  /** Accepted then or later. */
  since?: Date | undefined;
  /** Accepted before. */
  until?: Date | undefined;
}

/** One answer of a search looks at so many emails at most; the next one goes on where it ended. */
export const LOOK_AT = 50_000;

const dead = ['failed', 'uncertain', 'expired'];

const columns = `e.id, e.status, e.sender, e.addresses, e.subject, e.tags, e.connection_id, c.region, e.attempts, e.due_at, e.scheduled_at,
  e.expires_at, e.sent_at, e.ses_message_id, e.error_name, e.error_message, e.error_remedy, e.created_at, e.engagement`;

/** As PostgreSQL writes it in JSON. */
type EventJson = Omit<EmailEvent, 'at'> & { at: string };

@Injectable()
export class EmailsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * An email and its events, the oldest first, as of one moment: one statement, because a status without the event that
   * led to it would be a state that never was. Primary keys, and the index events_email_id_idx.
   */
  async find(
    projectId: string,
    id: string,
  ): Promise<{ row: EmailDetailRow; events: EmailEvent[] } | undefined> {
    const { rows } = await this.database.query<EmailDetailRow & { events: EventJson[] | null }>(
      `SELECT ${columns}, t.payload, t.original, c.status AS connection_status, c.status = 'paused' AND c.paused_reason IS NOT NULL AS is_paused_by_us, a.quota_blocked_until, a.throttled_at,
              (SELECT json_agg(json_build_object('type', v.type, 'at', v.at, 'recipient', v.recipient, 'data', v.data) ORDER BY v.at, v.id)
               FROM events v WHERE v.email_id = $2 AND v.project_id = $1) AS events
       FROM emails e JOIN connections c ON c.id = e.connection_id
       LEFT JOIN ses_accounts a ON a.id = c.ses_account_id
       LEFT JOIN email_contents t ON t.email_id = e.id
       WHERE e.id = $2 AND e.project_id = $1`,
      [projectId, id],
    );
    const [found] = rows;
    if (found === undefined) return undefined;
    const { events, ...row } = found;
    return { row, events: (events ?? []).map((event) => ({ ...event, at: new Date(event.at) })) };
  }

  /**
   * One more than the limit, newest first, so that the caller sees whether there are more.
   *
   * Index emails_project_id_id_idx, whose range the cursors and times bound (and with it the partitions; where most of a partition is
   * one project's, its primary key backwards); dead letters are in emails_failed_idx.
   * What no index serves is held against the rows of that range, LOOK_AT of them at most: an index of words and addresses would make
   * the writes of a mail more than twice as dear (docs/decisions.md).
   */
  async list(projectId: string, page: Page, filter: EmailFilter = {}): Promise<EmailRow[]> {
    const order = page.before === undefined ? 'DESC' : 'ASC';
    const { values, add } = parameters(projectId);
    const range = rangeOf(page, filter, add);
    const conditions = conditionsOf(filter, add);
    const isBounded = conditions.length > 0;
    // Joined after the limit, so that no plan wants to read and sort the whole range first.
    const { rows } = await this.database.query<EmailRow>(
      `SELECT ${columns} FROM (
         SELECT * FROM (
           SELECT * FROM emails WHERE ${range.join(' AND ')} ${isBounded ? `ORDER BY id ${order} LIMIT ${LOOK_AT}` : ''}
         ) AS looked
         ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY id ${order} LIMIT ${add(page.limit + 1)}
       ) AS e JOIN connections c ON c.id = e.connection_id
       ORDER BY e.id ${order}`,
      values,
    );
    return rows;
  }

  /**
   * The last email that `list` has looked at when it found less than it may give; undefined when that was the whole range.
   * Indexes as in `list`, without the rows.
   */
  async lookedUntil(projectId: string, page: Page, filter: EmailFilter): Promise<string | undefined> {
    const { values, add } = parameters(projectId);
    if (conditionsOf(filter, parameters(projectId).add).length === 0) return undefined;
    const range = rangeOf(page, filter, add);
    const { rows } = await this.database.query<{ id: string }>(
      `SELECT id FROM emails WHERE ${range.join(' AND ')}
       ORDER BY id ${page.before === undefined ? 'DESC' : 'ASC'} OFFSET ${LOOK_AT - 1} LIMIT 1`,
      values,
    );
    return rows[0]?.id;
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

type Add = (value: unknown) => string;

/** The values of a statement that is put together; the first is the project. */
function parameters(projectId: string): { values: unknown[]; add: Add } {
  const values: unknown[] = [projectId];
  return { values, add: (value) => `$${values.push(value)}` };
}

/** What an index answers. */
function rangeOf({ after, before }: Page, filter: EmailFilter, add: Add): string[] {
  const { since, until, status } = filter;
  return [
    'project_id = $1',
    ...(after === undefined ? [] : [`id < ${add(after)}`]),
    ...(before === undefined ? [] : [`id > ${add(before)}`]),
    ...(since === undefined ? [] : [`id >= ${add(firstIdAt(since))}`]),
    ...(until === undefined ? [] : [`id < ${add(firstIdAt(until))}`]),
    // In the words of the partial index.
    ...(status !== undefined && dead.includes(status)
      ? [`status IN ('failed', 'uncertain', 'expired') AND status = ${add(status)}`]
      : []),
  ];
}

/** What has to be read in the rows. */
function conditionsOf(filter: EmailFilter, add: Add): string[] {
  const { status, connectionId, recipient, subject, tag, tagValue, sesMessageId } = filter;
  return [
    ...(sesMessageId === undefined ? [] : [`ses_message_id = ${add(sesMessageId)}`]),
    ...(status === undefined || dead.includes(status) ? [] : [`status = ${add(status)}`]),
    ...(connectionId === undefined ? [] : [`connection_id = ${add(connectionId)}`]),
    ...(recipient === undefined
      ? []
      : [
          `strpos(lower(concat_ws(' ', addresses ->> 'to', addresses ->> 'cc', addresses ->> 'bcc')), lower(${add(recipient)})) > 0`,
        ]),
    ...(subject === undefined ? [] : [`strpos(lower(subject), lower(${add(subject)})) > 0`]),
    ...(tag === undefined
      ? []
      : [
          `tags @> ${add(JSON.stringify([{ name: tag, ...(tagValue !== undefined && { value: tagValue }) }]))}`,
        ]),
  ];
}
