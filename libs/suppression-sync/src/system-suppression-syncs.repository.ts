import { Inject, Injectable } from '@nestjs/common';
import type { SesSuppressionReason } from '#libs/aws';
import { Database, type Sql } from '#libs/database';
import type { SuppressionOrigin } from '#libs/suppressions';
import type { SuppressionSync, SyncProblem } from './suppression-sync.js';
import { syncColumns, toSync, type SyncRow } from './sync-row.repository.js';

/** How long a due sync is nobody else's: longer than a look takes. */
const leaseSeconds = 60;
/** How long it is remembered what the account was told: its list may show the time before for a while. */
const memorySeconds = 3_600;

/** A sync as the background sees it. */
export interface FollowedSync extends SuppressionSync {
  isDisconnected: boolean;
  /** False: the account is in the SES sandbox, as GetAccount last said. */
  productionAccess: boolean | null;
}

export interface SyncChange {
  id: number;
  email: string;
  address: string;
  action: 'put' | 'delete';
  origin: SuppressionOrigin;
}

/** What one look leaves behind. */
export interface SyncRecord {
  syncAt: Date;
  seenUntil: Date | null;
  passBeganAt: Date | null;
  nextToken: string | null;
  syncedAt: Date | null;
  quietPasses: number;
  failures: number;
  suppressedReasons: readonly SesSuppressionReason[] | null;
  problem: SyncProblem | null;
}

/** Syncs of all tenants: for the job and its ticker. */
@Injectable()
export class SystemSuppressionSyncsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Primary keys. */
  async find(connectionId: string): Promise<FollowedSync | undefined> {
    const { rows } = await this.database.query<
      SyncRow & { disconnected_at: Date | null; production_access: boolean | null }
    >(
      `SELECT ${syncColumns}, n.disconnected_at, a.production_access
       FROM suppression_syncs s JOIN connections n ON n.id = s.connection_id LEFT JOIN ses_accounts a ON a.id = n.ses_account_id
       WHERE s.connection_id = $1`,
      [connectionId],
    );
    const [row] = rows;
    return (
      row && {
        ...toSync(row),
        isDisconnected: row.disconnected_at !== null,
        productionAccess: row.production_access,
      }
    );
  }

  /**
   * Of addresses that the account lists, those that a person has allowed again after they were listed: the account is about to hear of
   * it, or its list does not show it yet. Index on (connection_id, email).
   */
  async allowedAgain(
    sql: Sql,
    connectionId: string,
    listed: readonly { email: string; updatedAt: Date }[],
  ): Promise<ReadonlySet<string>> {
    const { rows } = await sql.query<{ email: string }>(
      `SELECT DISTINCT t.email FROM unnest($2::text[], $3::timestamptz[]) AS t(email, updated_at)
       JOIN suppression_sync_changes c ON c.connection_id = $1 AND c.email = t.email AND c.action = 'delete' AND c.created_at >= t.updated_at`,
      [connectionId, listed.map(({ email }) => email), listed.map(({ updatedAt }) => updatedAt)],
    );
    return new Set(rows.map(({ email }) => email));
  }

  /** What the account lists already need not be put there. Index on (connection_id, email). */
  async dropPuts(sql: Sql, connectionId: string, emails: readonly string[]): Promise<void> {
    await sql.query(
      `DELETE FROM suppression_sync_changes
       WHERE connection_id = $1 AND email = ANY ($2::text[]) AND action = 'put' AND done_at IS NULL`,
      [connectionId, emails],
    );
  }

  /** Nothing when the sync was switched off meanwhile. */
  async keepSpellings(
    sql: Sql,
    connectionId: string,
    spellings: readonly { email: string; address: string }[],
  ): Promise<void> {
    if (spellings.length === 0) return;
    await sql.query(
      `INSERT INTO suppression_sync_spellings (connection_id, email, address)
       SELECT s.connection_id, t.email, t.address FROM unnest($2::text[], $3::text[]) AS t(email, address)
       JOIN suppression_syncs s ON s.connection_id = $1
       ON CONFLICT DO NOTHING`,
      [connectionId, spellings.map(({ email }) => email), spellings.map(({ address }) => address)],
    );
  }

  /** The oldest open change of a kind. Index suppression_sync_changes_open_idx. */
  async nextChange(connectionId: string, action: SyncChange['action']): Promise<SyncChange | undefined> {
    const { rows } = await this.database.query<SyncChange>(
      `SELECT id, email, address, action, origin FROM suppression_sync_changes
       WHERE connection_id = $1 AND action = $2 AND done_at IS NULL ORDER BY id LIMIT 1`,
      [connectionId, action],
    );
    return rows[0];
  }

  /** Whether more is to be told. Index suppression_sync_changes_open_idx. */
  async hasOpen(connectionId: string, actions: readonly SyncChange['action'][]): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `SELECT 1 FROM suppression_sync_changes WHERE connection_id = $1 AND action = ANY ($2::text[]) AND done_at IS NULL LIMIT 1`,
      [connectionId, actions],
    );
    return rowCount > 0;
  }

  /** Counts it, and forgets what was done long ago. A change that was withdrawn meanwhile has happened all the same. */
  async changeDone(
    connectionId: string,
    changeId: number,
    counted: 'put' | 'deleted' | 'refused',
    now: Date,
  ): Promise<void> {
    await this.database.query(
      `WITH done AS (UPDATE suppression_sync_changes SET done_at = $3 WHERE id = $2),
            old AS (DELETE FROM suppression_sync_changes WHERE connection_id = $1 AND done_at < $3::timestamptz - make_interval(secs => $4))
       UPDATE suppression_syncs SET ${counted} = ${counted} + 1 WHERE connection_id = $1`,
      [connectionId, changeId, now, memorySeconds],
    );
  }

  async count(sql: Sql, connectionId: string, imported: number): Promise<void> {
    if (imported === 0) return;
    await sql.query('UPDATE suppression_syncs SET imported = imported + $2 WHERE connection_id = $1', [
      connectionId,
      imported,
    ]);
  }

  /**
   * Nothing when somebody asked for it anew meanwhile: that look follows. At once when a person has changed the list since the look
   * began, which has set `sync_at` to another time than the look was given.
   */
  async save(seen: SuppressionSync, record: SyncRecord): Promise<void> {
    await this.database.query(
      `UPDATE suppression_syncs SET sync_at = CASE WHEN date_trunc('milliseconds', sync_at) IS NOT DISTINCT FROM $3 THEN $4 ELSE LEAST(sync_at, $4) END,
         seen_until = $5, pass_began_at = $6, next_token = $7, synced_at = $8, quiet_passes = $9, failures = $10,
         suppressed_reasons = $11, problem = $12
       WHERE connection_id = $1 AND asked_at = $2`,
      [
        seen.connectionId,
        seen.askedAt,
        seen.syncAt,
        record.syncAt,
        record.seenUntil,
        record.passBeganAt,
        record.nextToken,
        record.syncedAt,
        record.quietPasses,
        record.failures,
        record.suppressedReasons,
        record.problem === null ? null : JSON.stringify(record.problem),
      ],
    );
  }

  /** Of a connection that has ended. */
  async drop(connectionId: string): Promise<void> {
    await this.database.query('DELETE FROM suppression_syncs WHERE connection_id = $1', [connectionId]);
  }

  /** Due syncs, claimed for a minute so that the tickers of many workers do not add the same job. Partial index on sync_at. */
  async claimDue(now: Date, limit: number): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `UPDATE suppression_syncs SET sync_at = $1::timestamptz + make_interval(secs => $3)
       WHERE connection_id IN (
         SELECT connection_id FROM suppression_syncs WHERE sync_at <= $1 ORDER BY sync_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING connection_id AS id`,
      [now, limit, leaseSeconds],
    );
    return rows.map(({ id }) => id);
  }
}
