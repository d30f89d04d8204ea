import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

@Injectable()
export class UsageRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Emails accepted from one moment (as the first id of it) to another. Index (project_id, id), partitions of that time only. */
  async countEmails(projectId: string, fromId: string, toId: string): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      'SELECT count(*) AS count FROM emails WHERE project_id = $1 AND id >= $2 AND id < $3',
      [projectId, fromId, toId],
    );
    return rows[0]?.count ?? 0;
  }

  /** Index on (project_id, name). */
  async countDomains(projectId: string): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      'SELECT count(*) AS count FROM domains WHERE project_id = $1 AND deleted_at IS NULL',
      [projectId],
    );
    return rows[0]?.count ?? 0;
  }
}
