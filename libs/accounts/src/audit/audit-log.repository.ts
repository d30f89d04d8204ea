import { Inject, Injectable } from '@nestjs/common';
import { isUuid } from '#libs/crypto';
import { Database } from '#libs/database';
import type { AuditEntry, Seal } from './chain.js';
import { entryColumns } from './entry-columns.js';

/** Which entries are wanted. */
export interface AuditFilter {
  projectId: string | undefined;
  actor: string | undefined;
  /** An action, or the first part of one: `connection` for `connection.created` and the like. */
  action: string | undefined;
  target: string | undefined;
}

export interface AuditPage {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

/** A seal with its entry, if that is still there. */
export interface SealedEntry {
  seal: Seal;
  entry: AuditEntry | undefined;
}

interface SealRow extends AuditEntry {
  sequence: number;
  entryId: string;
  entryHash: Buffer;
  isForgettable: boolean;
  hash: Buffer;
}

@Injectable()
export class AuditLogRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One more than the limit, newest first. Index (organization_id, id). */
  async page(
    organizationId: string,
    filter: AuditFilter,
    { limit, after, before }: AuditPage,
  ): Promise<AuditEntry[]> {
    const { rows } = await this.database.query<AuditEntry>(
      `SELECT ${entryColumns} FROM audit_entries e
       WHERE e.organization_id = $1 AND ($2::uuid IS NULL OR e.project_id = $2) AND ($3::text IS NULL OR e.actor = $3)
         AND ($4::text IS NULL OR e.action = $4 OR starts_with(e.action, $4 || '.')) AND ($5::text IS NULL OR e.target = $5)
         AND ($6::uuid IS NULL OR e.id < $6) AND ($7::uuid IS NULL OR e.id > $7)
       ORDER BY e.id ${before === undefined ? 'DESC' : 'ASC'} LIMIT $8`,
      [
        organizationId,
        filter.projectId ?? null,
        filter.actor ?? null,
        filter.action ?? null,
        filter.target ?? null,
        after ?? null,
        before ?? null,
        limit + 1,
      ],
    );
    return rows;
  }

  /** The chain after a place, with the entries. Primary keys of both. */
  async chain(organizationId: string, afterSequence: number, limit: number): Promise<SealedEntry[]> {
    const { rows } = await this.database.query<SealRow>(
      `SELECT s.sequence, s.entry_id AS "entryId", s.entry_hash AS "entryHash", s.is_forgettable AS "isForgettable", s.hash, ${entryColumns}
       FROM audit_seals s LEFT JOIN audit_entries e ON e.id = s.entry_id AND e.organization_id = s.organization_id
       WHERE s.organization_id = $1 AND s.sequence > $2 ORDER BY s.sequence LIMIT $3`,
      [organizationId, afterSequence, limit],
    );
    return rows.map(({ sequence, entryId, entryHash, isForgettable, hash, ...entry }) => ({
      seal: { sequence, entryId, entryHash, isForgettable, hash },
      // The outer join leaves nulls where the entry is gone.
      entry: (entry.id as string | null) === null ? undefined : entry,
    }));
  }

  /** The people and keys behind actors, as they are called now. Primary keys. */
  async names(organizationId: string, actors: readonly string[]): Promise<Map<string, string>> {
    const ids = (kind: string) =>
      actors
        .filter((actor) => actor.startsWith(`${kind}:`))
        .map((actor) => actor.slice(kind.length + 1))
        .filter(isUuid);
    const { rows } = await this.database.query<{ actor: string; name: string }>(
      `SELECT 'user:' || id AS actor, name || ' <' || email || '>' AS name FROM users WHERE id = ANY($2::uuid[])
       UNION ALL SELECT 'key:' || id, name FROM api_keys WHERE organization_id = $1 AND id = ANY($3::uuid[])`,
      [organizationId, ids('user'), ids('key')],
    );
    return new Map(rows.map(({ actor, name }) => [actor, name]));
  }

  /** Entries that neither have a place in the chain nor wait for one: put in behind the back of the trigger. */
  async strays(organizationId: string): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `SELECT e.id FROM audit_entries e
       WHERE e.organization_id = $1 AND NOT EXISTS (SELECT FROM audit_seals s WHERE s.entry_id = e.id)
         AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.entry_id = e.id) ORDER BY e.id LIMIT 100`,
      [organizationId],
    );
    return rows.map(({ id }) => id);
  }
}
