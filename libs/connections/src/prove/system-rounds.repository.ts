import { Inject, Injectable } from '@nestjs/common';
import type { SesAccountState } from '#libs/aws';
import { newId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import type { CheckResult } from '../checks.js';
import type { Connection, ConnectionStatus, RoleConnection, SessionReason } from '../connection.js';
import { isQuotaUsedUp } from './judge-ses-account.js';

/** What a round of checks leaves behind. */
export interface RoundRecord {
  status: ConnectionStatus;
  results: readonly CheckResult[];
  now: Date;
  verifyingSince: Date | null;
  nextCheckAt: Date;
  verifiedAt: Date | null;
  granted: { seconds: number; reason: SessionReason | null } | undefined;
  /** Undefined: GetAccount was not reached. Null: it was refused. */
  ses: SesAccountState | null | undefined;
  externalId: string;
  pendingExternalId: string | null;
  /** Epoch + 1 and no sealed credentials left. */
  withdraw: boolean;
  /** Sending begins or goes on after a pause: failures of the broker and rests are forgotten, and the lane wants a worker. */
  resume: boolean;
  /** One entry for the audit log. */
  audit: { action: string; data: Readonly<Record<string, unknown>> };
}

/** Stores rounds of checks; of all tenants. */
@Injectable()
export class SystemRoundsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * All of it, or nothing when the connection is no longer the one that was checked.
   *
   * @returns the status that stands now (a pause that came meanwhile wins over sending), or undefined
   */
  save(seen: RoleConnection, record: RoundRecord): Promise<ConnectionStatus | undefined> {
    return this.database.transaction(async (sql) => {
      const sesAccountId =
        record.ses === undefined
          ? seen.sesAccountId
          : await saveSesAccount(sql, seen, record.ses, record.now);
      const status = await saveConnection(sql, seen, record, sesAccountId);
      if (status === undefined) return undefined;
      await saveChecks(sql, seen.id, record.results, record.now);
      if (record.withdraw) await blankSessions(sql, seen.id);
      const hasQuotaAgain =
        sesAccountId !== null && record.ses !== undefined && record.ses !== null && !isQuotaUsedUp(record.ses)
          ? await liftQuotaBlock(sql, sesAccountId, record.now)
          : false;
      if (record.resume || hasQuotaAgain) await resume(sql, seen.id, record.now);
      await sql.query(
        `INSERT INTO audit_entries (id, organization_id, project_id, actor, action, target, data, at)
         SELECT $1, organization_id, id, 'system', $3, $4, $5, $6 FROM projects WHERE id = $2`,
        [
          newId(),
          seen.projectId,
          record.audit.action,
          `connection:${seen.id}`,
          JSON.stringify(record.audit.data),
          record.now,
        ],
      );
      return status;
    });
  }
}

/** The row is shared by all connections of the account and region: the figures come from AWS, never from a tenant. */
async function saveSesAccount(
  sql: Sql,
  { awsAccountId, region }: RoleConnection,
  state: SesAccountState | null,
  now: Date,
): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO ses_accounts AS a (id, aws_account_id, region, production_access, sending_enabled, enforcement_status, max_send_rate,
                                    max_24_hour_send, sent_last_24_hours, quota_checked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (aws_account_id, region) DO UPDATE SET
       production_access = COALESCE(EXCLUDED.production_access, a.production_access),
       sending_enabled = COALESCE(EXCLUDED.sending_enabled, a.sending_enabled),
       enforcement_status = COALESCE(EXCLUDED.enforcement_status, a.enforcement_status),
       max_send_rate = COALESCE(EXCLUDED.max_send_rate, a.max_send_rate),
       max_24_hour_send = COALESCE(EXCLUDED.max_24_hour_send, a.max_24_hour_send),
       sent_last_24_hours = COALESCE(EXCLUDED.sent_last_24_hours, a.sent_last_24_hours),
       quota_checked_at = COALESCE(EXCLUDED.quota_checked_at, a.quota_checked_at),
       sent_since_check = CASE WHEN EXCLUDED.quota_checked_at IS NULL THEN a.sent_since_check ELSE 0 END
     RETURNING id`,
    [
      newId(),
      awsAccountId,
      region,
      state?.productionAccess ?? null,
      state?.sendingEnabled ?? null,
      state?.enforcementStatus ?? null,
      state?.maxSendRate ?? null,
      state?.max24HourSend ?? null,
      state?.sentLast24Hours ?? null,
      state === null ? null : now,
    ],
  );
  return rows[0]?.id ?? null;
}

/**
 * SES was asked a moment ago and takes mail again: nothing rests until the next try. Should it refuse after all, one
 * mail finds out and the account rests again. Primary key.
 *
 * @returns whether the account rested
 */
async function liftQuotaBlock(sql: Sql, sesAccountId: string, now: Date): Promise<boolean> {
  const { rowCount } = await sql.query(
    'UPDATE ses_accounts SET quota_blocked_until = NULL WHERE id = $1 AND quota_blocked_until > $2',
    [sesAccountId, now],
  );
  return rowCount > 0;
}

async function saveConnection(
  sql: Sql,
  seen: Connection,
  record: RoundRecord,
  sesAccountId: string | null,
): Promise<ConnectionStatus | undefined> {
  const { rows } = await sql.query<{ status: ConnectionStatus }>(
    `UPDATE connections SET
       status = CASE WHEN is_paused AND $7 IN ('active', 'degraded') THEN 'paused'
                     WHEN NOT is_paused AND $7 = 'paused' THEN 'active' ELSE $7 END,
       verifying_since = $8, next_check_at = $9, verified_at = $10, external_id = $11, pending_external_id = $12,
       ses_account_id = $13, granted_session_seconds = COALESCE($14, granted_session_seconds),
       session_reason = CASE WHEN $14::int IS NULL THEN session_reason ELSE $15 END,
       credential_epoch = credential_epoch + $16
     WHERE id = $1 AND credential_epoch = $2 AND role_arn = $3 AND external_id = $4
       AND pending_external_id IS NOT DISTINCT FROM $5 AND requested_session_seconds = $6 AND status <> 'disconnected'
       -- Checks that were asked for while this round ran shall not be answered by what it saw before.
       AND verifying_since IS NOT DISTINCT FROM $17
     RETURNING status`,
    [
      seen.id,
      seen.credentialEpoch,
      seen.roleArn,
      seen.externalId,
      seen.pendingExternalId,
      seen.requestedSessionSeconds,
      record.status,
      record.verifyingSince,
      record.nextCheckAt,
      record.verifiedAt,
      record.externalId,
      record.pendingExternalId,
      sesAccountId,
      record.granted?.seconds ?? null,
      record.granted?.reason ?? null,
      record.withdraw ? 1 : 0,
      seen.verifyingSince,
    ],
  );
  return rows[0]?.status;
}

async function saveChecks(
  sql: Sql,
  connectionId: string,
  results: readonly CheckResult[],
  now: Date,
): Promise<void> {
  const rows = results.map(({ name, outcome, side, detail, evidence, remedy, paste }) => ({
    name,
    outcome,
    side,
    detail,
    evidence,
    remedy,
    paste,
  }));
  await sql.query(
    `INSERT INTO connection_checks (connection_id, name, outcome, side, detail, evidence, remedy, paste, checked_at)
     SELECT $1, r.name, r.outcome, r.side, r.detail, NULLIF(r.evidence, 'null'), r.remedy, NULLIF(r.paste, 'null'), $3
     FROM jsonb_to_recordset($2::jsonb) AS r(name text, outcome text, side text, detail text, evidence jsonb, remedy text, paste jsonb)
     ON CONFLICT (connection_id, name) DO UPDATE SET outcome = EXCLUDED.outcome, side = EXCLUDED.side, detail = EXCLUDED.detail,
       evidence = EXCLUDED.evidence, remedy = EXCLUDED.remedy, paste = EXCLUDED.paste, checked_at = EXCLUDED.checked_at`,
    [connectionId, JSON.stringify(rows), now],
  );
}

async function blankSessions(sql: Sql, connectionId: string): Promise<void> {
  await sql.query(
    `UPDATE connection_sessions SET sealed_credentials = NULL, granted_seconds = NULL, refreshed_at = NULL, refresh_at = NULL, expires_at = NULL,
       lease_owner = NULL, lease_until = NULL, failure_code = NULL, failure_message = NULL, retry_at = NULL
     WHERE connection_id = $1`,
    [connectionId],
  );
}

async function resume(sql: Sql, connectionId: string, now: Date): Promise<void> {
  await sql.query(
    'UPDATE connection_sessions SET failure_code = NULL, failure_message = NULL, retry_at = NULL WHERE connection_id = $1',
    [connectionId],
  );
  await sql.query(
    `UPDATE lanes SET wake_at = LEAST(COALESCE(wake_at, 'infinity'), $2), rest_until = NULL WHERE connection_id = $1`,
    [connectionId, now],
  );
}
