import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import { LiveNotices } from '#libs/live';
import { countSendsSql } from '#libs/metrics';
import { emailColumnsSql, PublishEvents, publishSql } from '#libs/webhooks';
import { shareLanes } from '../lane-lock.repository.js';
import type { Outcome } from './outcome.js';

const effectsSql = `attempts_made AS (
    INSERT INTO attempts (email_id, started_at, outcome, error_name, error_message, duration_ms)
    SELECT id, started_at, attempt, error_name, error_message, duration_ms FROM r WHERE attempt <> 'handed_back'
    ON CONFLICT DO NOTHING
  ), released AS (
    DELETE FROM claims WHERE id = $1 AND $13
  ), woken AS (
    UPDATE lanes l SET wake_at = next.at
    FROM (SELECT c.connection_id, now() + make_interval(secs => min(r.retry_secs)) AS at
          FROM r, claims c WHERE c.id = $1 AND r.status = 'queued' GROUP BY c.connection_id) AS next
    WHERE l.connection_id = next.connection_id AND (l.wake_at IS NULL OR l.wake_at > next.at)
  )`;

const updateSql = `UPDATE emails e
  SET status = r.status,
      due_at = CASE WHEN r.status = 'queued' THEN now() + make_interval(secs => r.retry_secs) ELSE e.due_at END,
      attempts = e.attempts - r.uncounted,
      ses_message_id = coalesce(r.ses_message_id, e.ses_message_id),
      sent_at = CASE WHEN r.status = 'sent' THEN now() ELSE e.sent_at END,
      error_name = r.error_name, error_message = r.error_message, error_remedy = r.error_remedy
  FROM r
  WHERE e.id = r.id AND e.claim_id = $1 AND (e.status = 'sending' OR (r.status = 'sent' AND e.status IN ('queued', 'uncertain')))`;

const inputColumns = `$2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::float8[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::timestamptz[], $12::int[]`;
const inputNames = `id, status, attempt, uncounted, retry_secs, ses_message_id, error_name, error_message, error_remedy, started_at, duration_ms`;

const recordSql = `WITH r AS (
    SELECT * FROM unnest(${inputColumns}) AS t(${inputNames})
  ), ${effectsSql}, changed AS (
    ${updateSql}
    RETURNING e.status, e.project_id, e.connection_id, e.sender, e.addresses, e.tags, e.recipients, now() AS at
  )
  ${countSendsSql}`;

/** The same, and what is final is an event: `message_id` is the id of its message. */
const recordAndPublishSql = `WITH r AS (
    SELECT * FROM unnest(${inputColumns}, $14::uuid[]) AS t(${inputNames}, message_id)
  ), ${effectsSql}, changed AS (
    ${updateSql}
    RETURNING e.*, r.message_id, now() AS at
  ), counted AS (
    ${countSendsSql}
  ), happened AS (
    SELECT e.message_id, e.project_id, e.at, e.id AS email_id, ${emailColumnsSql},
           CASE e.status WHEN 'sent' THEN 'email.sent' WHEN 'failed' THEN 'email.failed' ELSE 'email.uncertain' END AS type,
           CASE WHEN e.status <> 'sent' THEN jsonb_build_object(e.status, jsonb_build_object('reason', e.error_name, 'message', e.error_message)) END AS extra
    FROM changed e JOIN connections c ON c.id = e.connection_id WHERE e.status <> 'queued'
  ), ${publishSql}`;

/** Whose outcomes are recorded. */
export interface RecordedLane {
  connectionId: string;
  projectId: string;
}

@Injectable()
export class RecordRepository {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PublishEvents)
    private readonly publish: Pick<PublishEvents, 'isHeard' | 'wake' | 'isAtFault' | 'execute'>,
    @Inject(LiveNotices) private readonly live: Pick<LiveNotices, 'add'>,
  ) {}

  /**
   * Writes many outcomes of one claim in one statement; `isLast` also gives the claim back. Mail that goes back to its
   * lane wakes it when it is due, and takes the lane's lock for that.
   *
   * An email that recovery took from us in the meantime (our claim had expired) is still ours to record as sent, as
   * long as nobody has claimed it anew: what SES has accepted must not go out again. Primary keys.
   *
   * Where somebody may listen, the same statement publishes what is final: neither is ever without the other. It also counts what is
   * final for the metrics.
   */
  async record(
    lane: RecordedLane,
    claimId: string,
    outcomes: readonly Outcome[],
    isLast: boolean,
  ): Promise<void> {
    await this.store(lane, claimId, outcomes, isLast);
    this.live.add(
      lane.projectId,
      outcomes.map(({ emailId, status }) => ({ id: emailId, event: status })),
    );
  }

  private async store(
    { connectionId, projectId }: RecordedLane,
    claimId: string,
    outcomes: readonly Outcome[],
    isLast: boolean,
  ): Promise<void> {
    const hasFinal = outcomes.some(({ status }) => status !== 'queued');
    const record = (isHeard: boolean) => this.locked(connectionId, claimId, outcomes, isLast, isHeard);
    if (!hasFinal || !this.publish.isHeard(projectId)) {
      await record(false);
      return;
    }
    try {
      this.publish.wake(await record(true));
    } catch (error) {
      // What happened to the mail counts more than telling it.
      if (!this.publish.isAtFault(error)) throw error;
      await record(false);
    }
  }

  private locked(
    connectionId: string,
    claimId: string,
    outcomes: readonly Outcome[],
    isLast: boolean,
    isHeard: boolean,
  ): Promise<string[]> {
    if (!outcomes.some(({ status }) => status === 'queued'))
      return this.write(this.database, claimId, outcomes, isLast, isHeard);
    return this.database.transaction(async (sql) => {
      await shareLanes(sql, [connectionId]);
      return this.write(sql, claimId, outcomes, isLast, isHeard);
    });
  }

  private async write(
    sql: Sql,
    claimId: string,
    outcomes: readonly Outcome[],
    isLast: boolean,
    isHeard: boolean,
  ): Promise<string[]> {
    const column = <T>(pick: (outcome: Outcome) => T): T[] => outcomes.map(pick);
    const values = [
      claimId,
      column((o) => o.emailId),
      column((o) => o.status),
      column((o) => o.attempt),
      column((o) => (o.isCounted ? 0 : 1)),
      column((o) => o.retryInMs / 1000),
      column((o) => o.sesMessageId ?? null),
      column((o) => o.errorName ?? null),
      column((o) => o.errorMessage ?? null),
      column((o) => o.errorRemedy ?? null),
      column((o) => o.startedAt),
      column((o) => o.durationMs),
      isLast,
    ];
    if (!isHeard) {
      await sql.query(recordSql, values, 'drain-record');
      return [];
    }
    const { rows } = await sql.query<{ webhook_id: string }>(
      recordAndPublishSql,
      [...values, column(() => newId())],
      'drain-record-publish',
    );
    return rows.map((row) => row.webhook_id);
  }

  /** Tells of mail that a claim found too late to go. No statement where nobody listens. */
  async tellExpired(projectId: string, emailIds: readonly string[]): Promise<void> {
    const data = { failed: { reason: 'Expired', message: 'The email could not be sent before it expired.' } };
    await this.publish.execute(
      emailIds.map((emailId) => ({ projectId, type: 'email.failed', at: new Date(), emailId, data })),
    );
  }

  /** Gives a claim more time. Primary key. @returns false: the claim is gone */
  async extendClaim(claimId: string, ttlMs: number): Promise<boolean> {
    const { rowCount } = await this.database.query(
      'UPDATE claims SET expires_at = now() + make_interval(secs => $2 / 1000.0) WHERE id = $1',
      [claimId, ttlMs],
      'drain-extend-claim',
    );
    return rowCount > 0;
  }

  /** SES knows the configuration set no more: mail goes without it from now on, and a person shall see it. Primary key. */
  async loseConfigurationSet(connectionId: string, configurationSet: string): Promise<void> {
    const step = {
      name: 'configuration_set',
      outcome: 'failed',
      side: 'customer',
      detail: `Amazon SES has no configuration set ${configurationSet} any more: mail goes out, and nothing is heard of it.`,
      remedy: 'POST /v1/connections/{id}/feedback sets it up again.',
      paste: null,
      checked_at: new Date().toISOString(),
    };
    await this.database.query(
      `UPDATE feedback_sources SET status = 'broken', proven_at = NULL, updated_at = now(), steps = steps || $3::jsonb
       WHERE connection_id = $1 AND configuration_set = $2 AND proven_at IS NOT NULL AND status <> 'removing'`,
      [connectionId, configurationSet, JSON.stringify([step])],
    );
  }
}
