import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { StoredMetric } from '../metric.js';

export const groupings = ['connection', 'domain', 'tag'] as const;
export type Grouping = (typeof groupings)[number];

export interface MetricsFilter {
  projectId: string;
  connectionId: string | undefined;
  domains: readonly string[] | undefined;
  /** Name; empty for all mail. */
  tagName: string;
  tagValue: string | undefined;
}

export interface SumRow {
  /** Place in `starts`, from 0. */
  index: number;
  group: string;
  metric: StoredMetric;
  bucket: number;
  value: number;
}

const groupColumns: Record<Grouping, string> = {
  connection: 'connection_id::text',
  domain: 'domain',
  tag: 'tag_value',
};

@Injectable()
export class MetricsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * What was counted from the first of `starts` until `end`, by the bucket that it falls into, and by group. Rows that are merged already
   * and those that are not come from one snapshot, so that none is missing or there twice.
   *
   * Primary key of hours or days, index (project_id, hour) of deltas.
   *
   * @param groupBy undefined: one group without a name
   */
  async sums(
    filter: MetricsFilter,
    table: 'hours' | 'days',
    starts: readonly Date[],
    end: Date,
    groupBy: Grouping | undefined,
  ): Promise<SumRow[]> {
    const { projectId, connectionId, domains, tagName, tagValue } = filter;
    const where = (time: string) => `project_id = $1 AND tag_name = $2 AND ${time} >= $3 AND ${time} < $4
      AND ($5::uuid IS NULL OR connection_id = $5) AND ($6::text[] IS NULL OR domain = ANY ($6)) AND ($7::text IS NULL OR tag_value = $7)`;
    const columns = 'connection_id, domain, tag_value, metric, bucket, value';
    const [merged, time] = table === 'hours' ? ['metric_hours', 'hour'] : ['metric_days', 'day'];
    const { rows } = await this.database.query<{
      index: number;
      grp: string;
      metric: StoredMetric;
      bucket: number;
      value: number;
    }>(
      `SELECT width_bucket(at, $8::timestamptz[]) - 1 AS index, ${groupBy === undefined ? `''` : groupColumns[groupBy]} AS grp,
              metric, bucket, sum(value)::bigint AS value
       FROM (
         SELECT ${time} AS at, ${columns} FROM ${merged} WHERE ${where(time)}
         UNION ALL
         SELECT hour, ${columns} FROM metric_deltas WHERE ${where('hour')}
       ) AS counted
       GROUP BY 1, 2, 3, 4`,
      [projectId, tagName, starts[0], end, connectionId ?? null, domains ?? null, tagValue ?? null, starts],
    );
    return rows.map(({ grp: group, ...row }) => ({ ...row, group }));
  }
}
