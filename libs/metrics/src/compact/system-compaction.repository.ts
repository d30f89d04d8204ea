import { Inject, Injectable } from '@nestjs/common';
import { Database, type Sql } from '#libs/database';
import { deltaColumns, unnestDeltasSql } from '../count/delta-columns.js';
import type { Delta } from '../count/delta.js';
import type { StoredMetric } from '../metric.js';
import type { CountedTag } from './limit-tags.js';

/** Any number: the advisory lock of whoever compacts. */
const COMPACTION_LOCK = 23_131;
const ROWS_PER_STATEMENT = 10_000;

interface DeltaRow {
  project_id: string;
  connection_id: string;
  domain: string;
  tag_name: string;
  tag_value: string;
  hour: Date;
  metric: StoredMetric;
  bucket: number;
  value: number;
}

/** Merging what was counted into hours and days, of all tenants. */
@Injectable()
export class SystemCompactionRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** @returns false when somebody else compacts right now */
  async lock(sql: Sql): Promise<boolean> {
    const { rows } = await sql.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS locked', [
      COMPACTION_LOCK,
    ]);
    return rows[0]?.locked === true;
  }

  /** Takes the oldest deltas out, added up. Primary key. @returns how many they were, too */
  async take(sql: Sql, limit: number): Promise<{ taken: number; deltas: Delta[] }> {
    const { rows } = await sql.query<DeltaRow & { taken: number }>(
      `WITH taken AS (
         DELETE FROM metric_deltas WHERE id IN (SELECT id FROM metric_deltas ORDER BY id LIMIT $1) RETURNING *
       )
       SELECT project_id, connection_id, domain, tag_name, tag_value, hour, metric, bucket, sum(value)::bigint AS value, count(*) AS taken
       FROM taken GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`,
      [limit],
    );
    return {
      taken: rows.reduce((sum, row) => sum + row.taken, 0),
      deltas: rows.map((row) => ({
        projectId: row.project_id,
        connectionId: row.connection_id,
        domain: row.domain,
        tagName: row.tag_name,
        tagValue: row.tag_value,
        hour: row.hour,
        metric: row.metric,
        bucket: row.bucket,
        value: row.value,
      })),
    };
  }

  /** Primary key. */
  async tagsOf(sql: Sql, projectIds: readonly string[]): Promise<CountedTag[]> {
    const { rows } = await sql.query<{ project_id: string; name: string; value: string }>(
      'SELECT project_id, name, value FROM metric_tags WHERE project_id = ANY ($1::uuid[]) ORDER BY 1, 2, 3',
      [projectIds],
    );
    return rows.map(({ project_id: projectId, name, value }) => ({ projectId, name, value }));
  }

  /** Adds to hours and days. Primary keys. */
  async add(sql: Sql, deltas: readonly Delta[]): Promise<void> {
    const values = deltaColumns(deltas);
    for (const [table, time, of] of [
      ['metric_hours', 'hour', 'hour'],
      ['metric_days', 'day', `date_trunc('day', hour, 'UTC')`],
    ] as const) {
      await sql.query(
        `INSERT INTO ${table} AS m (project_id, connection_id, domain, tag_name, tag_value, ${time}, metric, bucket, value)
         SELECT project_id, connection_id, domain, tag_name, tag_value, ${of}, metric, bucket, sum(value)
         FROM ${unnestDeltasSql}
           AS t(project_id, connection_id, domain, tag_name, tag_value, hour, metric, bucket, value)
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
         ON CONFLICT (project_id, tag_name, ${time}, connection_id, domain, tag_value, metric, bucket)
         DO UPDATE SET value = m.value + excluded.value`,
        values,
      );
    }
  }

  /** Primary key; a tag of today is not written again. */
  async useTags(sql: Sql, tags: readonly CountedTag[], today: Date): Promise<void> {
    if (tags.length === 0) return;
    await sql.query(
      `INSERT INTO metric_tags AS t (project_id, name, value, used_on)
       SELECT project_id, name, value, $4::date FROM unnest($1::uuid[], $2::text[], $3::text[]) AS u(project_id, name, value)
       ON CONFLICT (project_id, name, value) DO UPDATE SET used_on = excluded.used_on WHERE t.used_on < excluded.used_on`,
      [
        tags.map(({ projectId }) => projectId),
        tags.map(({ name }) => name),
        tags.map(({ value }) => value),
        today.toISOString().slice(0, 10),
      ],
    );
  }

  /** @param tagsBefore for hours of tags @returns how many rows are gone. BRIN index on hour */
  async forgetHours(before: Date, tagsBefore: Date): Promise<number> {
    let gone = 0;
    for (;;) {
      const { rowCount } = await this.database.query(
        `DELETE FROM metric_hours WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM metric_hours WHERE hour < $2 AND (hour < $1 OR tag_name <> '') LIMIT ${ROWS_PER_STATEMENT}))`,
        [before, tagsBefore],
      );
      gone += rowCount;
      if (rowCount < ROWS_PER_STATEMENT) return gone;
    }
  }

  /** Tags that nobody uses any more make room for others. What was counted of them stays. */
  async forgetTags(before: Date): Promise<number> {
    const { rowCount } = await this.database.query('DELETE FROM metric_tags WHERE used_on < $1', [before]);
    return rowCount;
  }
}
