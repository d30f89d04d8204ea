import { Inject, Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { appendToChain, emptyChain, type AuditEntry, type ChainHead, type Seal } from './chain.js';
import { entryColumns } from './entry-columns.js';

/** The lock of who seals: one in the whole fleet. */
const SEAL_LOCK = [0x5e5a, 2] as const;

@Injectable()
export class SystemAuditSealsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Gives entries that wait their places in the chains of their organizations, in the order of their ids. Entries are appended
   * without a lock or a look at the chain, so that the frequent ones (sessions) never wait for each other.
   *
   * @param limit the most at once
   * @param wait whether to wait for somebody else who seals; else they do the work
   * @returns how many, or undefined when somebody else is at it
   */
  async seal(limit: number, wait: boolean): Promise<number | undefined> {
    return this.database.transaction(async (sql) => {
      if (!(await lock(sql, wait))) return undefined;
      const { rows: entries } = await sql.query<AuditEntry>(
        `SELECT ${entryColumns} FROM audit_unsealed u JOIN audit_entries e ON e.id = u.entry_id ORDER BY e.id LIMIT $1`,
        [limit],
      );
      const ids = entries.map(({ id }) => id);
      await insert(sql, entries, await heads(sql, entries));
      // Whoever noted itself and was forgotten by retention before it was sealed has no entry any more.
      await sql.query(
        `DELETE FROM audit_unsealed u WHERE u.entry_id = ANY($1::uuid[])
           OR (cardinality($1::uuid[]) = 0 AND NOT EXISTS (SELECT FROM audit_entries e WHERE e.id = u.entry_id))`,
        [ids],
      );
      return entries.length;
    });
  }
}

async function lock(sql: Sql, wait: boolean): Promise<boolean> {
  if (wait) {
    await sql.query('SELECT pg_advisory_xact_lock($1, $2)', SEAL_LOCK);
    return true;
  }
  const { rows } = await sql.query<{ is_mine: boolean }>(
    'SELECT pg_try_advisory_xact_lock($1, $2) AS is_mine',
    SEAL_LOCK,
  );
  return rows[0]?.is_mine === true;
}

/** The last seal of each organization. Primary key, backwards. */
async function heads(sql: Sql, entries: AuditEntry[]): Promise<Map<string, ChainHead>> {
  const organizations = [...new Set(entries.map(({ organizationId }) => organizationId))];
  const { rows } = await sql.query<ChainHead & { organizationId: string }>(
    `SELECT o.id AS "organizationId", s.sequence, s.hash FROM unnest($1::uuid[]) AS o (id)
     CROSS JOIN LATERAL (SELECT sequence, hash FROM audit_seals WHERE organization_id = o.id
       ORDER BY sequence DESC LIMIT 1) s`,
    [organizations],
  );
  return new Map(rows.map(({ organizationId, sequence, hash }) => [organizationId, { sequence, hash }]));
}

async function insert(sql: Sql, entries: AuditEntry[], chains: Map<string, ChainHead>): Promise<void> {
  const seals = entries.map((entry): Seal & { organizationId: string } => {
    const seal = appendToChain(chains.get(entry.organizationId) ?? emptyChain, entry);
    chains.set(entry.organizationId, seal);
    return { ...seal, organizationId: entry.organizationId };
  });
  if (seals.length === 0) return;
  await sql.query(
    `INSERT INTO audit_seals (organization_id, sequence, entry_id, entry_hash, is_forgettable, hash)
     SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bytea[], $5::boolean[], $6::bytea[])`,
    [
      seals.map((seal) => seal.organizationId),
      seals.map((seal) => seal.sequence),
      seals.map((seal) => seal.entryId),
      seals.map((seal) => seal.entryHash),
      seals.map((seal) => seal.isForgettable),
      seals.map((seal) => seal.hash),
    ],
  );
}
