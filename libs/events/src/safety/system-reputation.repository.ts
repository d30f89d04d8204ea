import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database, type Sql } from '#libs/database';
import type { HourlyDelta } from './hourly-deltas.js';
import type { ReputationJudgement, ReputationTotals } from './judge-reputation.js';

export interface WatchedConnection {
  projectId: string;
  name: string;
  region: string;
  reputation: string;
  totals: ReputationTotals;
}

@Injectable()
export class SystemReputationRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One row for each hour, written by the folds of this connection only, of which one runs at a time. Primary key. */
  async add(sql: Sql, connectionId: string, deltas: readonly HourlyDelta[]): Promise<void> {
    if (deltas.length === 0) return;
    await sql.query(
      `INSERT INTO reputation_hours AS h (connection_id, hour, recipients, bounced, complained)
       SELECT $1, * FROM unnest($2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[]) AS t(hour, recipients, bounced, complained)
       ON CONFLICT (connection_id, hour) DO UPDATE
       SET recipients = h.recipients + EXCLUDED.recipients, bounced = h.bounced + EXCLUDED.bounced,
           complained = h.complained + EXCLUDED.complained`,
      [
        connectionId,
        deltas.map(({ hour }) => hour),
        deltas.map(({ recipients }) => recipients),
        deltas.map(({ bounced }) => bounced),
        deltas.map(({ complained }) => complained),
      ],
      'reputation-add',
    );
  }

  /** The counts of the last hours, as far as they are held against the connection. Primary keys. */
  async read(connectionId: string, windowHours: number): Promise<WatchedConnection | undefined> {
    const { rows } = await this.database.query<{
      project_id: string;
      name: string;
      region: string;
      reputation: string;
      recipients: number;
      bounced: number;
      complained: number;
    }>(
      `SELECT c.project_id, c.name, c.region, c.reputation, coalesce(sum(h.recipients), 0)::float8 AS recipients,
              coalesce(sum(h.bounced), 0)::float8 AS bounced, coalesce(sum(h.complained), 0)::float8 AS complained
       FROM connections c LEFT JOIN reputation_hours h
         ON h.connection_id = c.id AND h.hour > now() - make_interval(hours => $2) AND (c.reputation_from IS NULL OR h.hour >= date_trunc('hour', c.reputation_from))
       WHERE c.id = $1 GROUP BY c.id`,
      [connectionId, windowHours],
      'reputation-read',
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const { project_id: projectId, name, region, reputation, recipients, bounced, complained } = row;
    return { projectId, name, region, reputation, totals: { recipients, bounced, complained } };
  }

  /** Notes a level, with its audit entry, unless somebody has. Primary key. @returns whether it is news */
  async note(
    connectionId: string,
    from: string,
    { level, reason }: ReputationJudgement,
    totals: ReputationTotals,
  ): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `WITH changed AS (
         UPDATE connections SET reputation = $3 WHERE id = $1 AND reputation = $2 RETURNING id, project_id
       ), noted AS (
         INSERT INTO audit_entries (id, organization_id, project_id, actor, action, target, data)
         SELECT $4, p.organization_id, p.id, 'system', 'connection.reputation_' || $3, 'connection:' || changed.id, $5
         FROM changed JOIN projects p ON p.id = changed.project_id
       )
       SELECT 1 FROM changed`,
      [connectionId, from, level, newId(), JSON.stringify({ reason, ...totals })],
    );
    return rowCount > 0;
  }
}
