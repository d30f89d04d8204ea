import { Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { deltaColumns, unnestDeltasSql } from './delta-columns.js';
import { MAX_COUNTED_TAGS, type Delta } from './delta.js';
import { senderDomainSql } from './sender-domain.js';

/**
 * The end of a statement that records what became of mail: counts it, as `sent` (and its recipients) or `failed`. Before it stands
 * `WITH … changed AS (…)` with columns of emails: status, project_id, connection_id, sender, addresses, tags, recipients, and `at`.
 *
 * Rows are only appended: no two statements ever wait for each other here. Mail to SES's mailbox simulator is no mail.
 */
export const countSendsSql = `INSERT INTO metric_deltas (project_id, connection_id, domain, tag_name, tag_value, hour, metric, value)
  SELECT g.project_id, g.connection_id, g.domain, g.name, g.value, g.hour, m.metric, m.value
  FROM (
    SELECT s.project_id, s.connection_id, s.domain, t.name, t.value, s.hour,
           sum(s.sent) AS sent, sum(s.recipients) AS recipients, sum(s.failed) AS failed
    FROM (
      SELECT project_id, connection_id, ${senderDomainSql} AS domain, tags, date_trunc('hour', at, 'UTC') AS hour,
             count(*) FILTER (WHERE status = 'sent') AS sent, sum(recipients) FILTER (WHERE status = 'sent') AS recipients,
             count(*) FILTER (WHERE status = 'failed') AS failed
      FROM changed
      WHERE status IN ('sent', 'failed') AND strpos(lower(addresses::text), '@simulator.amazonses.com') = 0
      -- As they stand, which are few: what costs time is done for each of them and not for each email.
      GROUP BY project_id, connection_id, sender, tags, at
    ) AS s
    CROSS JOIN LATERAL (
      SELECT '' AS name, '' AS value
      UNION ALL
      (SELECT tag ->> 'name', tag ->> 'value' FROM jsonb_array_elements(s.tags) AS tag LIMIT ${MAX_COUNTED_TAGS})
    ) AS t
    GROUP BY 1, 2, 3, 4, 5, 6
  ) AS g
  CROSS JOIN LATERAL (VALUES ('sent', g.sent), ('recipients', g.recipients), ('failed', g.failed)) AS m(metric, value)
  WHERE m.value > 0`;

/** Appends what was counted. */
@Injectable()
export class CountDeltasRepository {
  /** @param sql the transaction in which it happened */
  async add(sql: Sql, deltas: readonly Delta[]): Promise<void> {
    if (deltas.length === 0) return;
    await sql.query(
      `INSERT INTO metric_deltas (project_id, connection_id, domain, tag_name, tag_value, hour, metric, bucket, value)
       SELECT * FROM ${unnestDeltasSql}`,
      deltaColumns(deltas),
      'metrics-add',
    );
  }

  /** What {@link countSendsSql} does, for mail of which an event told that SES has it. Primary key. */
  async addSends(sql: Sql, projectId: string, emailIds: readonly string[]): Promise<void> {
    if (emailIds.length === 0) return;
    const sorted = [...emailIds].sort();
    await sql.query(
      `WITH changed AS (
         SELECT 'sent' AS status, project_id, connection_id, sender, addresses, tags, recipients, coalesce(sent_at, now()) AS at
         FROM emails WHERE project_id = $1 AND id = ANY ($2::uuid[]) AND id BETWEEN $3 AND $4
       ) ${countSendsSql}`,
      [projectId, sorted, sorted[0], sorted.at(-1)],
      'metrics-add-sends',
    );
  }
}
