import { Inject, Injectable } from '@nestjs/common';
import { firstIdAt } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import type { FoundEmail } from './fact-counter.js';
import type { FactData } from './fact.js';
import type { EmailChange, EmailState } from './precedence.js';

/** What is kept of a record that cannot be read. */
const REJECT_CHARACTERS = 20_000;
/** Mail that was made this long before SES took it, at most, is looked through; what waited longer has an index (50 minutes and more). */
const AT_ONCE_MS = 3600 * 1000;

export interface FoldableEmail extends FoundEmail {
  state: EmailState;
}

/** An event as it is stored. */
export interface EventRow {
  id: string;
  emailId: string;
  type: string;
  recipient: string | null;
  at: Date;
  data: FactData;
}

export interface EmailWrite {
  emailId: string;
  change: EmailChange;
  sesMessageId: string;
  sentAt: Date;
}

/** What is left of the records that were taken. */
export interface InboxOutcome {
  connectionId: string;
  doneIds: readonly string[];
  /** Looked at again later. */
  parked: readonly { id: string; forMs: number }[];
  rejected: readonly { id: string; reason: string }[];
  /** Events of mail that is not ours. */
  foreign: number;
}

/** The statements of a fold: each for up to a thousand records. */
@Injectable()
export class SystemFoldRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /**
   * The project's emails among `ids`, locked. Those that somebody else writes right now (the drain records what it sent) are not waited
   * for, so that nobody can lock up with anybody: they come back as `busy`. Primary key.
   */
  async lockEmails(
    sql: Sql,
    projectId: string,
    ids: readonly string[],
  ): Promise<{ emails: FoldableEmail[]; busy: string[] }> {
    if (ids.length === 0) return { emails: [], busy: [] };
    const sorted = [...ids].sort();
    const { rows } = await sql.query<{
      id: string;
      is_locked: boolean;
      connection_id: string;
      status: string;
      feedback_rank: number;
      engagement: number;
      ses_message_id: string | null;
      sent_at: Date | null;
      created_at: Date;
      sender: string;
      recipients: number;
      tags: { name: string; value: string }[];
    }>(
      // The bounds leave out partitions.
      `WITH wanted AS (SELECT unnest($2::uuid[]) AS id), locked AS MATERIALIZED (
         SELECT e.id, e.connection_id, e.status, e.feedback_rank, e.engagement, e.ses_message_id, e.sent_at, e.created_at, e.sender, e.recipients, e.tags
         FROM wanted w JOIN emails e ON e.id = w.id WHERE e.project_id = $1 AND e.id BETWEEN $3 AND $4
         FOR NO KEY UPDATE OF e SKIP LOCKED
       )
       SELECT true AS is_locked, locked.* FROM locked
       UNION ALL
       SELECT false, e.id, e.connection_id, e.status, 0, 0, NULL, NULL, e.created_at, '', 0, NULL
       FROM wanted w JOIN emails e ON e.id = w.id
       WHERE e.project_id = $1 AND e.id BETWEEN $3 AND $4 AND e.id NOT IN (SELECT id FROM locked)`,
      [projectId, sorted, sorted[0], sorted.at(-1)],
      'fold-lock-emails',
    );
    return {
      busy: rows.filter((row) => !row.is_locked).map((row) => row.id),
      emails: rows
        .filter((row) => row.is_locked)
        .map((row) => ({
          id: row.id,
          connectionId: row.connection_id,
          createdAt: row.created_at,
          sentAt: row.sent_at,
          sender: row.sender,
          recipients: row.recipients,
          tags: row.tags,
          state: {
            status: row.status,
            feedbackRank: row.feedback_rank,
            engagement: row.engagement,
            hasMessageId: row.ses_message_id !== null,
          },
        })),
    };
  }

  /**
   * Emails by SES's message id, for classic notifications, which are rare (our set-up makes none) and come up to days after SES took the
   * mail. When SES took it they say, so the project's mail of the hour before that is looked through: index (project_id, id). Mail that was
   * scheduled, or waited for its connection, was made before: partial index emails_waited_idx. An index of all message ids would be one more
   * to write for every mail.
   */
  async findByMessageId(
    sql: Sql,
    projectId: string,
    messages: readonly { sesMessageId: string; acceptedAt: Date }[],
  ): Promise<ReadonlyMap<string, string>> {
    if (messages.length === 0) return new Map();
    const times = messages.map(({ acceptedAt }) => acceptedAt.getTime());
    const { rows } = await sql.query<{ id: string; ses_message_id: string }>(
      `SELECT id, ses_message_id FROM emails WHERE project_id = $1 AND id BETWEEN $2 AND $3 AND ses_message_id = ANY ($4::text[])
       UNION ALL
       SELECT id, ses_message_id FROM emails
       WHERE project_id = $1 AND id < $2 AND ses_message_id = ANY ($4::text[]) AND sent_at - created_at > interval '50 minutes'`,
      [
        projectId,
        firstIdAt(new Date(Math.min(...times) - AT_ONCE_MS)),
        firstIdAt(new Date(Math.max(...times) + 60_000)),
        messages.map(({ sesMessageId }) => sesMessageId),
      ],
    );
    return new Map(rows.map((row) => [row.ses_message_id, row.id]));
  }

  /** @param events each id once @returns the ids of those that were not known. Primary key */
  async insertEvents(sql: Sql, projectId: string, events: readonly EventRow[]): Promise<ReadonlySet<string>> {
    if (events.length === 0) return new Set();
    const { rows } = await sql.query<{ id: string }>(
      `INSERT INTO events (id, project_id, email_id, type, recipient, at, data)
       SELECT id, $1, email_id, type, recipient, at, data
       FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[]) AS t(id, email_id, type, recipient, at, data)
       ORDER BY id ON CONFLICT (id) DO NOTHING RETURNING id`,
      [
        projectId,
        events.map(({ id }) => id),
        events.map(({ emailId }) => emailId),
        events.map(({ type }) => type),
        events.map(({ recipient }) => recipient),
        events.map(({ at }) => at),
        events.map(({ data }) => JSON.stringify(data)),
      ],
      'fold-insert-events',
    );
    return new Set(rows.map((row) => row.id));
  }

  /** Of emails that this transaction has locked. Primary key. */
  async updateEmails(sql: Sql, projectId: string, writes: readonly EmailWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const sorted = [...writes].sort((a, b) => (a.emailId < b.emailId ? -1 : 1));
    const column = <T>(pick: (write: EmailWrite) => T): T[] => sorted.map(pick);
    await sql.query(
      `UPDATE emails e
       SET status = g.status, feedback_rank = g.feedback_rank, engagement = g.engagement,
           ses_message_id = coalesce(e.ses_message_id, g.ses_message_id), sent_at = coalesce(e.sent_at, g.sent_at),
           error_name = CASE WHEN g.error_name IS NOT NULL THEN g.error_name WHEN g.is_settled THEN NULL ELSE e.error_name END,
           error_message = CASE WHEN g.error_name IS NOT NULL THEN g.error_message WHEN g.is_settled THEN NULL ELSE e.error_message END,
           error_remedy = CASE WHEN g.is_settled THEN NULL ELSE e.error_remedy END
       FROM unnest($2::uuid[], $3::text[], $4::smallint[], $5::smallint[], $6::text[], $7::timestamptz[], $8::bool[], $9::text[], $10::text[])
         AS g(id, status, feedback_rank, engagement, ses_message_id, sent_at, is_settled, error_name, error_message)
       WHERE e.id = g.id AND e.project_id = $1 AND e.id BETWEEN $11 AND $12`,
      [
        projectId,
        column(({ emailId }) => emailId),
        column(({ change }) => change.status),
        column(({ change }) => change.feedbackRank),
        column(({ change }) => change.engagement),
        column(({ sesMessageId }) => sesMessageId),
        column(({ sentAt }) => sentAt),
        column(({ change }) => change.isSettled),
        column(({ change }) => change.failure?.reason ?? null),
        column(({ change }) => change.failure?.message ?? null),
        sorted[0]?.emailId,
        sorted.at(-1)?.emailId,
      ],
      'fold-update-emails',
    );
  }

  /** Ends what was taken: deletes it, sets it aside for a while or for a person, and counts. Primary keys. */
  async finish(sql: Sql, outcome: InboxOutcome): Promise<void> {
    const { connectionId, doneIds, parked, rejected, foreign } = outcome;
    await sql.query(
      `WITH bad AS (
         SELECT * FROM unnest($3::uuid[], $4::text[]) AS t(id, reason)
       ), kept AS (
         INSERT INTO event_rejects (id, connection_id, reason, body, received_at)
         SELECT i.id, i.connection_id, bad.reason, left(i.body, ${REJECT_CHARACTERS}), i.received_at FROM bad JOIN event_inbox i USING (id)
       ), gone AS (
         DELETE FROM event_inbox WHERE id = ANY ($2::uuid[]) OR id = ANY ($3::uuid[])
       ), parked AS (
         UPDATE event_inbox i SET due_at = now() + make_interval(secs => p.for_ms / 1000.0)
         FROM unnest($5::uuid[], $6::int[]) AS p(id, for_ms) WHERE i.id = p.id
       )
       UPDATE feedback_sources
       SET last_event_at = now(), rejected_events = rejected_events + cardinality($3::uuid[]), foreign_events = foreign_events + $7
       WHERE connection_id = $1`,
      [
        connectionId,
        doneIds,
        rejected.map(({ id }) => id),
        rejected.map(({ reason }) => reason),
        parked.map(({ id }) => id),
        parked.map(({ forMs }) => forMs),
        foreign,
      ],
      'fold-finish',
    );
  }
}
