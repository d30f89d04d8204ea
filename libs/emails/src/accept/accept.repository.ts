import { Inject, Injectable } from '@nestjs/common';
import { timeOfId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import { PublishEvents, type HappenedEvent } from '#libs/webhooks';
import { shareLanesSql } from '../lane-lock.repository.js';
import type { PreparedEmail } from './prepare-email.js';

export interface IdempotencyKey {
  endpoint: string;
  key: string;
  requestHash: Buffer;
}

/** What one request wants committed. */
export interface Submission {
  projectId: string;
  apiKeyId: string | undefined;
  emails: readonly (PreparedEmail & { connectionId: string })[];
  idempotency: IdempotencyKey | undefined;
  /** The body of the answer, kept for replays. */
  response: object;
}

export interface StoredAnswer {
  requestHash: Buffer;
  response: object;
}

/** How long a key is remembered (Resend: 24 h). */
const IDEMPOTENCY_HOURS = 24;
@Injectable()
export class AcceptRepository {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PublishEvents) private readonly publish: Pick<PublishEvents, 'store' | 'wake'>,
  ) {}

  /**
   * Commits many requests in one transaction of two to three statements; a fourth tells of scheduled mail where somebody listens.
   *
   * @returns for each submission whether it was stored now; false: its idempotency key already stood there
   */
  async commit(submissions: readonly Submission[]): Promise<boolean[]> {
    const connectionIds = submissions.flatMap(({ emails }) => emails.map(({ connectionId }) => connectionId));
    let webhookIds: string[] = [];
    const isNew = await this.database.transaction(async (sql) => {
      const isNew = await this.insertIdempotencyRecords(sql, submissions);
      const stored = submissions.filter((_, index) => isNew[index]);
      if (stored.length > 0) await insertEmails(sql, stored);
      webhookIds = await this.publish.store(sql, stored.flatMap(scheduledEvents));
      return isNew;
    }, shareLanesSql(connectionIds));
    this.publish.wake(webhookIds);
    return isNew;
  }

  private async insertIdempotencyRecords(sql: Sql, submissions: readonly Submission[]): Promise<boolean[]> {
    // Requests of one transaction may share a key: the first is stored, the others find its answer afterwards.
    const first = new Map<string, { submission: Submission; record: IdempotencyKey }>();
    for (const submission of submissions) {
      const { idempotency: record } = submission;
      if (record !== undefined && !first.has(recordId(submission.projectId, record))) {
        first.set(recordId(submission.projectId, record), { submission, record });
      }
    }
    const keyed = [...first.values()];
    if (keyed.length === 0) return submissions.map(() => true);
    // Sorted, so that two processes with the same keys wait for each other instead of locking each other out.
    // Conflicts on the primary key; a record older than a day counts as gone.
    const { rows } = await sql.query<{ project_id: string; endpoint: string; key: string }>(
      `INSERT INTO idempotency_records AS known (project_id, endpoint, key, request_hash, response)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[]) AS t(project_id, endpoint, key, request_hash, response)
       ORDER BY 1, 2, 3
       ON CONFLICT (project_id, endpoint, key) DO UPDATE
         SET request_hash = excluded.request_hash, response = excluded.response, created_at = now()
         WHERE known.created_at < now() - interval '${IDEMPOTENCY_HOURS} hours'
       RETURNING project_id, endpoint, key`,
      [
        keyed.map(({ submission }) => submission.projectId),
        keyed.map(({ record }) => record.endpoint),
        keyed.map(({ record }) => record.key),
        keyed.map(({ record }) => record.requestHash),
        keyed.map(({ submission }) => JSON.stringify(submission.response)),
      ],
      'accept-idempotency',
    );
    const inserted = new Set(rows.map((row) => recordId(row.project_id, row)));
    return submissions.map((submission) => {
      const { projectId, idempotency: record } = submission;
      if (record === undefined) return true;
      const id = recordId(projectId, record);
      return inserted.has(id) && first.get(id)?.submission === submission;
    });
  }

  /** The answer given to an earlier request with this key. Primary key. */
  async findAnswer(projectId: string, endpoint: string, key: string): Promise<StoredAnswer | undefined> {
    const { rows } = await this.database.query<{ request_hash: Buffer; response: object }>(
      `SELECT request_hash, response FROM idempotency_records
       WHERE project_id = $1 AND endpoint = $2 AND key = $3 AND created_at >= now() - interval '${IDEMPOTENCY_HOURS} hours'`,
      [projectId, endpoint, key],
      'accept-find-answer',
    );
    const row = rows[0];
    return row === undefined ? undefined : { requestHash: row.request_hash, response: row.response };
  }
}

function recordId(projectId: string, { endpoint, key }: { endpoint: string; key: string }): string {
  return `${projectId} ${endpoint} ${key}`;
}

function scheduledEvents({ projectId, emails }: Submission): HappenedEvent[] {
  return emails
    .filter(({ scheduledAt }) => scheduledAt !== undefined)
    .map(({ id }) => ({ projectId, type: 'email.scheduled', at: timeOfId(id), emailId: id }));
}

/** Emails and contents, and the lanes' wake-up time, which an accept only ever lowers (primary key of lanes). */
async function insertEmails(sql: Sql, submissions: readonly Submission[]): Promise<void> {
  const rows = submissions.flatMap(({ projectId, apiKeyId, emails }) =>
    emails.map((email) => ({ projectId, apiKeyId, email })),
  );
  const column = <T>(pick: (row: (typeof rows)[number]) => T): T[] => rows.map(pick);
  await sql.query(
    `WITH input AS (
       SELECT *, coalesce(scheduled_at, now()) AS due_at
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::timestamptz[], $7::int[], $8::text[],
                   $9::jsonb[], $10::text[], $11::jsonb[], $12::smallint[], $13::int[], string_to_array($14, E'\\x1f'), $15::jsonb[])
         AS t(id, project_id, connection_id, api_key_id, priority, scheduled_at, expires_in, sender,
              addresses, subject, tags, recipients, payload_bytes, payload, original)
     ), stored AS (
       INSERT INTO emails (id, project_id, connection_id, api_key_id, status, priority, due_at, scheduled_at, expires_at, sender,
                           addresses, subject, tags, recipients, payload_bytes)
       SELECT id, project_id, connection_id, api_key_id, CASE WHEN scheduled_at IS NULL THEN 'queued' ELSE 'scheduled' END,
              priority, due_at, scheduled_at, due_at + make_interval(secs => expires_in), sender, addresses, subject, tags, recipients, payload_bytes
       FROM input
     ), contents AS (
       INSERT INTO email_contents (email_id, payload, original) SELECT id, payload, original FROM input
     )
     UPDATE lanes SET wake_at = first.due_at
     FROM (SELECT connection_id, min(due_at) AS due_at FROM input GROUP BY connection_id) AS first
     WHERE lanes.connection_id = first.connection_id AND (lanes.wake_at IS NULL OR lanes.wake_at > first.due_at)`,
    [
      column(({ email }) => email.id),
      column(({ projectId }) => projectId),
      column(({ email }) => email.connectionId),
      column(({ apiKeyId }) => apiKeyId ?? null),
      column(({ email }) => email.priority),
      column(({ email }) => email.scheduledAt ?? null),
      column(({ email }) => email.expiresInSeconds ?? null),
      column(({ email }) => email.sender),
      column(({ email }) => JSON.stringify(email.addresses)),
      column(({ email }) => email.subject),
      column(({ email }) => JSON.stringify(email.tags)),
      column(({ email }) => email.recipients),
      column(({ email }) => email.payloadBytes),
      joinPayloads(column(({ email }) => email.payload)),
      column(({ email }) => (email.original === undefined ? null : JSON.stringify(email.original))),
    ],
    'accept-insert',
  );
}

/**
 * Payloads as one text: escaping large texts as elements of an array costs more than all the rest, and joining them as strings as
 * much as making them. A unit separator cannot occur in what JSON.stringify has written.
 */
function joinPayloads(payloads: readonly string[]): Buffer {
  const bytes = payloads.reduce((sum, payload) => sum + Buffer.byteLength(payload) + 1, 0);
  const joined = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const payload of payloads) {
    at += joined.write(payload, at);
    joined[at++] = 0x1f;
  }
  return joined.subarray(0, -1);
}
