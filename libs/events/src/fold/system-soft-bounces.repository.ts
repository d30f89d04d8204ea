import { Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { SOFT_BOUNCE_RANK } from './precedence.js';

/** A temporary failure of an address. */
export interface SoftBounce {
  projectId: string;
  /** Lower case. */
  email: string;
  emailId: string;
  at: Date;
}

@Injectable()
export class SystemSoftBouncesRepository {
  /** Each mail once. Primary key. */
  async add(sql: Sql, bounces: readonly SoftBounce[]): Promise<void> {
    await sql.query(
      `INSERT INTO soft_bounces (project_id, email, email_id, at)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) AS t(project_id, email, email_id, at)
       ORDER BY project_id, email, email_id ON CONFLICT DO NOTHING`,
      [
        bounces.map(({ projectId }) => projectId),
        bounces.map(({ email }) => email),
        bounces.map(({ emailId }) => emailId),
        bounces.map(({ at }) => at),
      ],
      'soft-bounces-add',
    );
  }

  /**
   * Which of the addresses have failed for at least `limit` mails of the last `days`. Mail that was delivered after all does not count: an
   * automatic answer ("out of office") comes as a temporary bounce too. Primary keys.
   */
  async reaching(
    sql: Sql,
    bounces: readonly SoftBounce[],
    limit: number,
    days: number,
  ): Promise<{ projectId: string; email: string; emailId: string }[]> {
    const { rows } = await sql.query<{ project_id: string; email: string; email_id: string }>(
      `SELECT s.project_id, s.email, (array_agg(s.email_id ORDER BY s.at DESC))[1] AS email_id
       FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[]) AS t(project_id, email)) AS asked
       JOIN soft_bounces s USING (project_id, email)
       JOIN emails e ON e.id = s.email_id
       WHERE s.at > now() - make_interval(days => $4) AND e.feedback_rank <= ${SOFT_BOUNCE_RANK}
       GROUP BY s.project_id, s.email HAVING count(*) >= $3`,
      [bounces.map(({ projectId }) => projectId), bounces.map(({ email }) => email), limit, days],
      'soft-bounces-reaching',
    );
    return rows.map((row) => ({ projectId: row.project_id, email: row.email, emailId: row.email_id }));
  }
}
