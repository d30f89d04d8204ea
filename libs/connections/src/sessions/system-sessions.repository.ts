import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { sendingStatuses } from '../connection.js';
import type { Purpose } from '../kit/permissions.js';
import type { SessionRow } from './session.js';

/**
 * How long one caller may take for STS before another may try. Real seconds of the database's clock, whatever the
 * injected clock says: it bounds a network call, not a lifetime.
 */
const leaseSeconds = 20;

/** A session unused for so long is left to expire. */
const idleMs = 15 * 60_000;

export interface NewSession {
  sealedCredentials: string;
  grantedSeconds: number;
  refreshedAt: Date;
  refreshAt: Date;
  expiresAt: Date;
  /** Null for a refresh ahead of time: that is not a use, or sessions would be renewed for ever. */
  usedAt: Date | null;
}

/** Sessions of all tenants, for the broker. Every statement but one is served by the primary key. */
@Injectable()
export class SystemSessionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async read(connectionId: string, purpose: Purpose): Promise<SessionRow | undefined> {
    const { rows } = await this.database.query<SessionRow>(
      `SELECT generation, epoch, sealed_credentials AS "sealedCredentials", refresh_at AS "refreshAt",
              expires_at AS "expiresAt", failure_code AS "failureCode", retry_at AS "retryAt",
              COALESCE(lease_until > clock_timestamp(), false) AS "isLeased"
       FROM connection_sessions WHERE connection_id = $1 AND purpose = $2`,
      [connectionId, purpose],
      'session_read',
    );
    return rows[0];
  }

  /**
   * Takes the right to call STS. `busy`: somebody else has it, or has just used it (the generation is not the one
   * seen). `withdrawn`: the connection is of another epoch by now.
   */
  async acquire(
    connectionId: string,
    purpose: Purpose,
    epoch: number,
    seenGeneration: number,
    owner: string,
  ): Promise<'acquired' | 'busy' | 'withdrawn'> {
    const { rows } = await this.database.query<{ isCurrent: boolean; isAcquired: boolean }>(
      `WITH current AS (SELECT id FROM connections WHERE id = $1 AND credential_epoch = $3),
            acquired AS (
              INSERT INTO connection_sessions AS s (connection_id, purpose, lease_owner, lease_until)
              SELECT id, $2, $5::uuid, clock_timestamp() + make_interval(secs => $6) FROM current
              ON CONFLICT (connection_id, purpose) DO UPDATE
                SET lease_owner = EXCLUDED.lease_owner, lease_until = EXCLUDED.lease_until
                WHERE s.generation = $4 AND (s.lease_until IS NULL OR s.lease_until < clock_timestamp())
              RETURNING 1)
       SELECT EXISTS (SELECT FROM current) AS "isCurrent", EXISTS (SELECT FROM acquired) AS "isAcquired"`,
      [connectionId, purpose, epoch, seenGeneration, owner, leaseSeconds],
    );
    if (rows[0]?.isAcquired === true) return 'acquired';
    return rows[0]?.isCurrent === true ? 'busy' : 'withdrawn';
  }

  /** Stores what STS gave and ends the lease; undefined when lease or epoch are lost: then it must not be used. */
  async store(
    connectionId: string,
    purpose: Purpose,
    epoch: number,
    owner: string,
    session: NewSession,
  ): Promise<number | undefined> {
    const { rows } = await this.database.query<{ generation: number }>(
      `UPDATE connection_sessions s
       SET generation = s.generation + 1, epoch = $3, sealed_credentials = $5, granted_seconds = $6, refreshed_at = $7,
           refresh_at = $8, expires_at = $9, last_used_at = COALESCE($10, s.last_used_at),
           lease_owner = NULL, lease_until = NULL, failure_code = NULL, failure_message = NULL, retry_at = NULL
       FROM connections c
       WHERE s.connection_id = $1 AND s.purpose = $2 AND s.lease_owner = $4::uuid AND c.id = s.connection_id AND c.credential_epoch = $3
       RETURNING s.generation`,
      [
        connectionId,
        purpose,
        epoch,
        owner,
        session.sealedCredentials,
        session.grantedSeconds,
        session.refreshedAt,
        session.refreshAt,
        session.expiresAt,
        session.usedAt,
      ],
    );
    return rows[0]?.generation;
  }

  /** Remembers a refusal and ends the lease. A session that is still valid stays. */
  async storeFailure(
    connectionId: string,
    purpose: Purpose,
    owner: string,
    failure: { code: string; message: string; retryAt: Date },
  ): Promise<void> {
    await this.database.query(
      `UPDATE connection_sessions SET lease_owner = NULL, lease_until = NULL, failure_code = $4, failure_message = $5, retry_at = $6
       WHERE connection_id = $1 AND purpose = $2 AND lease_owner = $3::uuid`,
      [connectionId, purpose, owner, failure.code, failure.message.slice(0, 1000), failure.retryAt],
    );
  }

  /** Throws one generation away. @returns whether it was still the current one */
  async discard(
    connectionId: string,
    purpose: Purpose,
    generation: number,
    retryAt: Date | null,
  ): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE connection_sessions SET sealed_credentials = NULL, refresh_at = NULL, expires_at = NULL,
              failure_code = CASE WHEN $4::timestamptz IS NULL THEN NULL ELSE 'CredentialsRejected' END, retry_at = $4
       WHERE connection_id = $1 AND purpose = $2 AND generation = $3 AND sealed_credentials IS NOT NULL`,
      [connectionId, purpose, generation, retryAt],
    );
    return rowCount > 0;
  }

  /** Marks use, for the refresh ahead of time. Callers come at most once a minute. */
  async touch(connectionId: string, purpose: Purpose, now: Date): Promise<void> {
    await this.database.query(
      `UPDATE connection_sessions SET last_used_at = $3
       WHERE connection_id = $1 AND purpose = $2 AND (last_used_at IS NULL OR last_used_at < $3::timestamptz - interval '1 minute')`,
      [connectionId, purpose, now],
      'session_touch',
    );
  }

  /** Sessions in use whose refresh time has come, for the ticker. Served by the index on refresh_at. */
  async dueForRefresh(now: Date, limit: number): Promise<{ connectionId: string; purpose: Purpose }[]> {
    const { rows } = await this.database.query<{ connectionId: string; purpose: Purpose }>(
      `SELECT s.connection_id AS "connectionId", s.purpose
       FROM connection_sessions s JOIN connections c ON c.id = s.connection_id AND c.credential_epoch = s.epoch
       WHERE s.refresh_at <= $1 AND s.expires_at > $1 AND s.last_used_at >= $2 AND c.status = ANY ($3)
         AND (s.retry_at IS NULL OR s.retry_at <= $1) AND (s.lease_until IS NULL OR s.lease_until < clock_timestamp())
       ORDER BY s.refresh_at LIMIT $4`,
      [now, new Date(now.getTime() - idleMs), sendingStatuses, limit],
    );
    return rows;
  }
}
