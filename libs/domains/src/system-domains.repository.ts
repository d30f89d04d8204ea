import { Inject, Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { domainColumns, toDomain, type DomainRow } from './domain-row.repository.js';
import type { Domain, DomainProblem, DomainStatus, Ownership, Sighting } from './domain.js';

/** How long a due domain is nobody else's: longer than a look at it takes. */
const leaseSeconds = 60;

/** A domain as the background sees it. */
export interface FollowedDomain extends Domain {
  deletedAt: Date | null;
  /** Its connection has ended: there is no way to its SES account. */
  isDisconnected: boolean;
}

/** What one look at a domain leaves behind. */
export interface FollowRecord {
  status: DomainStatus;
  ownership: Ownership | null;
  identity: Domain['identity'];
  sightings: Readonly<Record<string, Sighting>>;
  problem: DomainProblem | null;
  verifyingSince: Date;
  verifiedAt: Date | null;
  followedAt: Date;
  nextCheckAt: Date | null;
}

/** Domains of all tenants: for the job and its ticker. */
@Injectable()
export class SystemDomainsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Deleted ones too. Primary keys. */
  async find(id: string): Promise<FollowedDomain | undefined> {
    const { rows } = await this.database.query<
      DomainRow & { deleted_at: Date | null; disconnected_at: Date | null }
    >(
      `SELECT ${domainColumns}, d.deleted_at, c.disconnected_at
       FROM domains d JOIN connections c ON c.id = d.connection_id WHERE d.id = $1`,
      [id],
    );
    const [row] = rows;
    return (
      row && { ...toDomain(row), deletedAt: row.deleted_at, isDisconnected: row.disconnected_at !== null }
    );
  }

  /**
   * Nothing when the domain was deleted meanwhile, or when somebody asked for a new verification: that look follows.
   *
   * @param publish what else belongs into the transaction; its result comes back
   */
  async save(
    seen: Domain,
    record: FollowRecord,
    publish: (sql: Sql) => Promise<string[]>,
  ): Promise<string[] | undefined> {
    return this.database.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `UPDATE domains SET status = $3, ownership = $4, identity = $5, sightings = $6, problem = $7, verifying_since = $8, verified_at = $9,
           followed_at = $10, next_check_at = $11
         WHERE id = $1 AND deleted_at IS NULL AND verifying_since = $2`,
        [
          seen.id,
          seen.verifyingSince,
          record.status,
          record.ownership,
          toJson(record.identity),
          JSON.stringify(record.sightings),
          toJson(record.problem),
          record.verifyingSince,
          record.verifiedAt,
          record.followedAt,
          record.nextCheckAt,
        ],
      );
      return rowCount === 0 ? undefined : publish(sql);
    });
  }

  /** Whether another domain that exists owns the same identity. Index domains_name_idx. */
  async isOwnedByAnother(domain: Domain): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `SELECT 1 FROM ${sameIdentitySql} AND other.ownership = 'created'`,
      [domain.id],
    );
    return rowCount > 0;
  }

  /**
   * Gives the identity of a deleted domain to the oldest other domain that uses it, in whichever project.
   *
   * @returns whether there is one, so that the identity must stay
   */
  async passOn(domain: Domain): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE domains SET ownership = 'created'
       WHERE id = (SELECT other.id FROM ${sameIdentitySql} ORDER BY other.id LIMIT 1)`,
      [domain.id],
    );
    return rowCount > 0;
  }

  /** The end of a deleted domain. */
  async drop(id: string): Promise<void> {
    await this.database.query('DELETE FROM domains WHERE id = $1 AND deleted_at IS NOT NULL', [id]);
  }

  async tryRemovalAt(id: string, at: Date): Promise<void> {
    await this.database.query(
      'UPDATE domains SET next_check_at = $2 WHERE id = $1 AND deleted_at IS NOT NULL',
      [id, at],
    );
  }

  /** Domains that are due, claimed for a minute so that the tickers of many workers do not add the same job. Index on next_check_at. */
  async claimDue(now: Date, limit: number): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `UPDATE domains SET next_check_at = $1::timestamptz + make_interval(secs => $3)
       WHERE id IN (SELECT id FROM domains WHERE next_check_at <= $1 ORDER BY next_check_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [now, limit, leaseSeconds],
    );
    return rows.map(({ id }) => id);
  }
}

/** Others that exist and mean the same identity as domain $1: same name, AWS account and region. */
const sameIdentitySql = `domains own JOIN connections c ON c.id = own.connection_id
  JOIN connections same ON same.aws_account_id = c.aws_account_id AND same.region = c.region AND same.disconnected_at IS NULL
  JOIN domains other ON other.connection_id = same.id AND other.name = own.name
  WHERE own.id = $1 AND other.id <> $1 AND other.deleted_at IS NULL`;

function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
