import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { lockLaneAloneSql } from '../lane-lock.repository.js';
import { quotaIsOldSql } from './system-ses-account.repository.js';

/** What a drain needs to know about its lane. */
export interface LaneState {
  projectId: string;
  status: string;
  region: string;
  credentialEpoch: number;
  sesAccountId: string | undefined;
  /** at_least_once | at_most_once */
  delivery: string;
  /** It is time to ask GetAccount again. */
  isQuotaOld: boolean;
  /** The project's share of a worker, relative to others. */
  weight: number;
  /** See LaneCondition. */
  trouble: number;
  fallbackConnectionId: string | undefined;
  /** How long the lane still rests, in milliseconds. */
  restMs: number;
  /** Whether any mail is due now. */
  hasDue: boolean;
  /** What the mail of this connection is sent with, so that SES tells what becomes of it; undefined while no way for its events is proven. */
  configurationSet: string | undefined;
  /** Its events lie in a queue that is not looked into within seconds: sending should say so. */
  hasRestingQueue: boolean;
}

export interface ClaimedEmail {
  id: string;
  recipients: number;
  /** Counting this one. */
  attempts: number;
  payload: string;
}

export type NothingClaimed = 'empty' | 'rate' | 'quota' | 'not_sendable';

export interface Claim {
  id: string;
  emails: ClaimedEmail[];
  /** When the first may go, from now, and the time between recipients. */
  delayMs: number;
  spacingMs: number;
  /** The lane had nothing more that is due. */
  isExhausted: boolean;
  /** Found too late to go: they are `expired` now. */
  expiredIds: readonly string[];
  /** The project suppresses addresses: the recipients must be looked up before anything is sent. */
  hasSuppressions: boolean;
  /** Where the reserved places of the SES account end, as PostgreSQL writes it; undefined: none were. */
  reservedUntil: string | undefined;
  /** With no emails: why. */
  reason: NothingClaimed;
  /** With `rate` and `quota`: how long until it is worth asking again. */
  waitMs: number;
}

export interface ClaimRequest {
  connectionId: string;
  claimId: string;
  workerId: string;
  epoch: number;
  sesAccountId: string;
  /** The lane's process has places of its own until then, from now: held up, it uses them later than they were reserved for. */
  notBeforeMs: number;
  maxEmails: number;
  maxBytes: number;
  ttlMs: number;
}

/** How far ahead recipients are reserved: an urgent mail of the same SES account waits no longer than this. */
export const HORIZON_MS = 500;
/** A braked rate comes back by this share of the full rate each second. */
export const RECOVERY_PER_SECOND = 0.02;

/**
 * SQL: the rate a connection may use now: SES's own, braked by throttles, times the connection's share. Where the role may not read
 * it (ses:GetAccount), one recipient per second: the least that SES grants.
 */
const currentRate = `greatest(0.01, coalesce(a.max_send_rate, 1) * c.capacity_share
  * least(1, a.rate_factor + ${RECOVERY_PER_SECOND} * coalesce(extract(epoch FROM now() - a.throttled_at), 1e9)))`;

@Injectable()
export class DrainRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary keys, and one look into emails_due_idx. */
  async findLane(connectionId: string): Promise<LaneState | undefined> {
    const { rows } = await this.database.query<{
      project_id: string;
      status: string;
      region: string;
      credential_epoch: number;
      ses_account_id: string | null;
      is_quota_old: boolean | null;
      delivery: string;
      weight: number;
      trouble: number;
      fallback_connection_id: string | null;
      rest_ms: number;
      has_due: boolean;
      configuration_set: string | null;
      has_resting_queue: boolean | null;
    }>(
      `SELECT c.project_id, c.status, c.region, c.credential_epoch, c.ses_account_id, ${quotaIsOldSql('a')} AS is_quota_old, c.fallback_connection_id,
              p.delivery, p.weight, l.trouble,
              coalesce(greatest(0, extract(epoch FROM l.rest_until - now()) * 1000), 0)::float8 AS rest_ms,
              EXISTS (SELECT 1 FROM emails WHERE connection_id = c.id AND status IN ('queued', 'scheduled') AND due_at <= now()) AS has_due,
              f.configuration_set, f.queue_url IS NOT NULL AND (f.poll_at IS NULL OR f.poll_at > now() + interval '2 s'
                OR f.active_at < now() - interval '20 s') AS has_resting_queue
       FROM connections c JOIN projects p ON p.id = c.project_id JOIN lanes l ON l.connection_id = c.id
       LEFT JOIN ses_accounts a ON a.id = c.ses_account_id
       LEFT JOIN feedback_sources f ON f.connection_id = c.id AND f.proven_at IS NOT NULL AND f.status <> 'removing' WHERE c.id = $1`,
      [connectionId],
      'drain-find-lane',
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    return {
      projectId: row.project_id,
      status: row.status,
      region: row.region,
      credentialEpoch: row.credential_epoch,
      sesAccountId: row.ses_account_id ?? undefined,
      isQuotaOld: row.is_quota_old ?? false,
      delivery: row.delivery,
      weight: row.weight,
      trouble: row.trouble,
      fallbackConnectionId: row.fallback_connection_id ?? undefined,
      restMs: row.rest_ms,
      hasDue: row.has_due,
      configurationSet: row.configuration_set ?? undefined,
      hasRestingQueue: row.has_resting_queue ?? false,
    };
  }

  /**
   * Takes the next emails of a lane and reserves their recipients' places in the SES account's rate, in one statement:
   * the account row is locked first, so lanes that share it take turns and never reserve more than there is.
   *
   * GCRA: `next_slot_at` is when the next recipient may go; reserving n moves it by n/rate. The first email always fits
   * when its slot is near, however many recipients it has: the slots after it pay the debt, as SES itself counts.
   *
   * Index emails_due_idx serves each priority as one range (connection, priority, due time), newest partitions merged; whether the
   * project suppresses anybody is one look into the index on suppressions (project_id, email).
   */
  async claim(request: ClaimRequest): Promise<Claim> {
    const { rows } = await this.database.query<{
      id: string | null;
      recipients: number;
      attempts: number;
      payload: string;
      delay_ms: number;
      spacing_ms: number;
      room: number;
      quota_left: number;
      quota_wait_ms: number;
      is_sendable: boolean;
      due_seen: number;
      has_suppressions: boolean;
      reserved_until: string | null;
      expired_ids: string[] | null;
    }>(
      `WITH account AS MATERIALIZED (
         SELECT a.id, ${currentRate} AS rate,
                greatest(coalesce(a.next_slot_at, now()), now() + make_interval(secs => $9 / 1000.0)) AS slot,
                CASE WHEN a.quota_blocked_until > now() THEN 0
                     WHEN coalesce(a.max_24_hour_send, -1) < 0 THEN 2147483647
                     ELSE floor(a.max_24_hour_send * c.capacity_share - coalesce(a.sent_last_24_hours, 0) - a.sent_since_check) END AS quota_left,
                coalesce(extract(epoch FROM a.quota_blocked_until - now()) * 1000, 0) AS quota_wait_ms,
                c.status IN ('active', 'degraded') AND c.credential_epoch = $6 AS is_sendable,
                EXISTS (SELECT 1 FROM suppressions s WHERE s.project_id = c.project_id) AS has_suppressions
         FROM ses_accounts a JOIN connections c ON c.ses_account_id = a.id AND c.id = $1
         WHERE a.id = $2 FOR UPDATE OF a
       ), budget AS MATERIALIZED (
         SELECT *, CASE WHEN NOT is_sendable OR quota_left <= 0 THEN 0
                        ELSE least(quota_left, ceil(greatest(0, ${HORIZON_MS} - extract(epoch FROM slot - now()) * 1000) * rate / 1000)) END AS room
         FROM account
       ), due AS (
         SELECT e.* FROM budget, (VALUES (0::smallint), (10::smallint)) AS p(priority)
         CROSS JOIN LATERAL (
           SELECT id, payload_bytes, recipients, priority, due_at FROM emails
           WHERE connection_id = $1 AND status IN ('queued', 'scheduled') AND priority = p.priority AND due_at <= now()
           ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED
         ) AS e
         WHERE budget.room > 0
         LIMIT $3
       ), fitting AS (
         SELECT running.id FROM (
           SELECT id, sum(payload_bytes) OVER w - payload_bytes AS bytes_before, sum(recipients) OVER w - recipients AS recipients_before
           FROM due WINDOW w AS (ORDER BY priority, due_at, id)
         ) AS running, budget
         WHERE bytes_before < $4 AND recipients_before < budget.room
       ), claimed AS (
         UPDATE emails e SET status = CASE WHEN e.expires_at <= now() THEN 'expired' ELSE 'sending' END,
                             claim_id = $5, attempts = e.attempts + CASE WHEN e.expires_at <= now() THEN 0 ELSE 1 END
         FROM fitting WHERE e.id = fitting.id
         RETURNING e.id, e.status, e.recipients, e.attempts, e.priority, e.due_at
       ), sending AS (
         SELECT * FROM claimed WHERE status = 'sending'
       ), reserved AS (
         UPDATE ses_accounts a
         SET next_slot_at = budget.slot + make_interval(secs => (s.recipients / budget.rate)::double precision),
             sent_since_check = a.sent_since_check + s.recipients
         FROM budget, (SELECT coalesce(sum(recipients), 0)::int AS recipients, count(*) AS emails FROM sending) AS s
         WHERE a.id = budget.id AND s.emails > 0
         RETURNING a.next_slot_at
       ), note AS (
         INSERT INTO claims (id, connection_id, worker_id, email_ids, expires_at)
         SELECT $5, $1, $7, array_agg(id), now() + make_interval(secs => $8 / 1000.0) FROM sending HAVING count(*) > 0
       )
       SELECT s.id, s.recipients, s.attempts, t.payload,
              extract(epoch FROM b.slot - clock_timestamp()) * 1000 AS delay_ms, 1000 / b.rate AS spacing_ms,
              b.room, b.quota_left, b.quota_wait_ms, b.is_sendable, (SELECT count(*) FROM due)::int AS due_seen,
              b.has_suppressions, (SELECT next_slot_at::text FROM reserved) AS reserved_until,
              (SELECT array_agg(id) FROM claimed WHERE status = 'expired') AS expired_ids
       FROM budget b LEFT JOIN (sending s JOIN email_contents t ON t.email_id = s.id) ON true
       ORDER BY s.priority, s.due_at, s.id`,
      [
        request.connectionId,
        request.sesAccountId,
        request.maxEmails,
        request.maxBytes,
        request.claimId,
        request.epoch,
        request.workerId,
        request.ttlMs,
        request.notBeforeMs,
      ],
      'drain-claim',
    );
    const head = rows[0];
    if (head === undefined || !head.is_sendable) return nothing(request.claimId, 'not_sendable', 0);
    const emails = rows.flatMap((row) =>
      row.id === null
        ? []
        : [{ id: row.id, recipients: row.recipients, attempts: row.attempts, payload: row.payload }],
    );
    const expiredIds = head.expired_ids ?? [];
    const delayMs = Number(head.delay_ms);
    const spacingMs = Number(head.spacing_ms);
    if (emails.length > 0) {
      const isExhausted = head.due_seen < request.maxEmails && emails.length === head.due_seen;
      return {
        ...nothing(request.claimId, 'empty', 0),
        emails,
        delayMs,
        spacingMs,
        isExhausted,
        expiredIds,
        hasSuppressions: head.has_suppressions,
        reservedUntil: head.reserved_until ?? undefined,
      };
    }
    if (Number(head.quota_left) <= 0)
      return nothing(request.claimId, 'quota', Math.max(0, Number(head.quota_wait_ms)));
    if (Number(head.room) <= 0)
      return nothing(request.claimId, 'rate', Math.max(spacingMs, delayMs - HORIZON_MS / 2));
    // Rows seen but not taken had just expired: there may be more behind them.
    return { ...nothing(request.claimId, head.due_seen > 0 ? 'rate' : 'empty', 0), expiredIds };
  }

  /**
   * What the lane does next, decided while no accept is half way: accepts hold the lane's advisory lock shared from
   * before they look at `wake_at` until they commit, so either their rows are seen here or they see what is set here.
   *
   * @param notBefore the lane is blocked (quota, pause between retries) until then
   * @returns milliseconds until the lane has something to do; undefined: it is empty
   */
  async finishLane(connectionId: string, notBeforeMs: number): Promise<number | undefined> {
    return this.database.transaction(
      async (sql) => {
        const { rows } = await sql.query<{ wait_ms: number | null }>(
          // min(due_at) over each priority's range of emails_due_idx.
          `WITH next AS (
           SELECT CASE WHEN min(e.due_at) IS NOT NULL
                       THEN greatest(min(e.due_at), now() + make_interval(secs => $2 / 1000.0)) END AS at
           FROM (VALUES (0::smallint), (10::smallint)) AS p(priority)
           CROSS JOIN LATERAL (
             SELECT due_at FROM emails
             WHERE connection_id = $1 AND status IN ('queued', 'scheduled') AND priority = p.priority ORDER BY due_at LIMIT 1
           ) AS e
         )
         UPDATE lanes SET wake_at = next.at FROM next WHERE connection_id = $1
         RETURNING extract(epoch FROM next.at - now()) * 1000 AS wait_ms`,
          [connectionId, notBeforeMs],
          'drain-finish-lane',
        );
        const wait = rows[0]?.wait_ms;
        return wait === null || wait === undefined ? undefined : Number(wait);
        // No need to wait for the disk: what a crash of the server takes back is a wake-up too many.
      },
      `SET LOCAL synchronous_commit = off; ${lockLaneAloneSql(connectionId)}`,
    );
  }

  /** Mail went out whose events will lie in a queue: it is looked into within a second, by the ticker. Primary key. */
  async wakeQueue(connectionId: string): Promise<void> {
    await this.database.query(
      `UPDATE feedback_sources SET poll_at = now(), active_at = now() WHERE connection_id = $1 AND status <> 'removing'`,
      [connectionId],
      'drain-wake-queue',
    );
  }

  /** What was learned from the mail of a turn after the turn was over. Primary key. */
  async restLane(connectionId: string, restMs: number, trouble: number): Promise<void> {
    await this.database.query(
      `UPDATE lanes SET trouble = $3, rest_until = CASE WHEN $2::float8 > 0 THEN now() + make_interval(secs => $2::float8 / 1000) END
       WHERE connection_id = $1`,
      [connectionId, restMs, trouble],
      'drain-rest-lane',
    );
  }
}

function nothing(id: string, reason: NothingClaimed, waitMs: number): Claim {
  return {
    id,
    emails: [],
    delayMs: 0,
    spacingMs: 0,
    isExhausted: true,
    expiredIds: [],
    hasSuppressions: false,
    reservedUntil: undefined,
    reason,
    waitMs,
  };
}
