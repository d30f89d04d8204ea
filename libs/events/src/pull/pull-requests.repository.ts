import { Inject, Injectable } from '@nestjs/common';
import { provenStatuses } from '#libs/connections';
import { Database } from '#libs/database';

/** What somebody who has no AWS rights wants a worker to read. Times are the database's: no two machines have the same. */
@Injectable()
export class PullRequestsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The queue shall be read to its end, now. Primary keys. @returns false when there is nothing to read, or nobody may */
  async ask(projectId: string, connectionId: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE feedback_sources f SET pull_asked_at = clock_timestamp(), poll_at = clock_timestamp()
       FROM connections c
       WHERE f.connection_id = $2 AND f.project_id = $1 AND c.id = f.connection_id AND c.status = ANY ($3)
         AND coalesce(f.queue_url, f.dead_letter_url) IS NOT NULL`,
      [projectId, connectionId, provenStatuses],
    );
    return rowCount > 0;
  }

  /** Primary key. */
  async isAnswered(connectionId: string): Promise<boolean> {
    const { rows } = await this.database.query<{ is_answered: boolean | null }>(
      `SELECT pulled_at >= pull_asked_at AS is_answered FROM feedback_sources WHERE connection_id = $1`,
      [connectionId],
    );
    const [row] = rows;
    return row === undefined || row.is_answered === true;
  }
}
