import { Injectable } from '@nestjs/common';
import { firstIdAt } from '#libs/crypto';
import type { Sql } from '#libs/database';

export interface Engagement {
  emailId: string;
  type: string;
  /** How often a person did it, as far as events say by now. */
  times: number;
}

/** Opens and clicks that are stored. */
@Injectable()
export class EngagementsRepository {
  /**
   * Those by people, of some emails.
   *
   * @param since when the oldest of the emails was made: events carry no earlier time in their ids, so older partitions are left out
   */
  async countByPeople(
    sql: Sql,
    projectId: string,
    emailIds: readonly string[],
    since: Date,
  ): Promise<Engagement[]> {
    // Index on email_id.
    const { rows } = await sql.query<{ email_id: string; type: string; times: number }>(
      `SELECT email_id, type, count(*) AS times FROM events
       WHERE project_id = $1 AND email_id = ANY ($2::uuid[]) AND id >= $3
         AND type IN ('opened', 'clicked') AND data ->> 'machine' IS DISTINCT FROM 'true'
       GROUP BY 1, 2`,
      [projectId, emailIds, firstIdAt(since)],
      'metrics-engagements',
    );
    return rows.map((row) => ({ emailId: row.email_id, type: row.type, times: row.times }));
  }
}
