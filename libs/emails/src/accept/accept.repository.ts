import { Inject, Injectable } from '@nestjs/common';
import { timeOfId } from '#libs/crypto';
import { Database, type Sql, type Statement } from '#libs/database';
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
const SEPARATOR = Buffer.from('\x1f');

@Injectable()
export class AcceptRepository {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PublishEvents) private readonly publish: Pick<PublishEvents, 'isHeard' | 'store' | 'wake'>,
  ) {}

  /**
   * Commits many requests in one transaction: of one statement, unless there are idempotency keys or somebody listens to scheduled mail.
   *
   * @returns for each submission whether it was stored now; false: its idempotency key already stood there
   */
  async commit(submissions: readonly Submission[]): Promise<boolean[]> {
    const connectionIds = submissions.flatMap(({ emails }) => emails.map(({ connectionId }) => connectionId));
    const opening = shareLanesSql(connectionIds);
    if (submissions.every((submission) => this.isPlain(submission))) {
      await this.database.inOneTrip(opening, insertion(submissions));
      return submissions.map(() => true);
    }
    let webhookIds: string[] = [];
    const isNew = await this.database.transaction(async (sql) => {
      const isNew = await this.insertIdempotencyRecords(sql, submissions);
      const stored = submissions.filter((_, index) => isNew[index]);
      if (stored.length > 0) {
        const { text, values, name } = insertion(stored);
        await sql.query(text, values, name);
      }
      webhookIds = await this.publish.store(sql, stored.flatMap(scheduledEvents));
      return isNew;
    }, opening);
    this.publish.wake(webhookIds);
    return isNew;
  }

  private isPlain({ projectId, idempotency, emails }: Submission): boolean {
    return (
      idempotency === undefined &&
      (emails.every(({ scheduledAt }) => scheduledAt === undefined) || !this.publish.isHeard(projectId))
    );
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
function insertion(submissions: readonly Submission[]): Statement {
  const rows = submissions.flatMap(({ projectId, apiKeyId, emails }) =>
    emails.map((email) => ({
      id: email.id,
      project_id: projectId,
      connection_id: email.connectionId,
      api_key_id: apiKeyId,
      priority: email.priority,
      scheduled_at: email.scheduledAt,
      expires_in: email.expiresInSeconds,
      sender: email.sender,
      addresses: email.addresses,
      subject: email.subject,
      tags: email.tags,
      recipients: email.recipients,
      payload_bytes: email.payload.length,
      original: email.original,
    })),
  );
  const payloads = submissions.flatMap(({ emails }) => emails.map(({ payload }) => payload));
  return {
    name: 'accept-insert',
    text: `WITH input AS (
       SELECT *, coalesce(scheduled_at, now()) AS due_at
       FROM ROWS FROM (
         json_to_recordset($1) AS (
           id uuid, project_id uuid, connection_id uuid, api_key_id uuid, priority smallint, scheduled_at timestamptz, expires_in int,
           sender text, addresses jsonb, subject text, tags jsonb, recipients smallint, payload_bytes int, original jsonb
         ),
         unnest(string_to_array($2, E'\\x1f'))
       ) AS t(id, project_id, connection_id, api_key_id, priority, scheduled_at, expires_in,
              sender, addresses, subject, tags, recipients, payload_bytes, original, payload)
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
    values: [JSON.stringify(rows), joinPayloads(payloads)],
  };
}

/**
 * Payloads as one text: as strings of the JSON beside them they would be escaped a second time. A unit separator cannot occur in
 * what JSON.stringify has written.
 */
function joinPayloads(payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(
    payloads.flatMap((payload, index) => (index === 0 ? [payload] : [SEPARATOR, payload])),
  );
}
