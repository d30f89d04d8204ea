import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

@Injectable()
export class AttachmentsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * The SES request that holds the files. Primary keys.
   *
   * @returns null when the email is kept and its content is not any more; undefined when the project has no such email
   */
  async payload(projectId: string, emailId: string): Promise<string | null | undefined> {
    const { rows } = await this.database.query<{ payload: string | null }>(
      `SELECT t.payload FROM emails e LEFT JOIN email_contents t ON t.email_id = e.id
       WHERE e.id = $2 AND e.project_id = $1`,
      [projectId, emailId],
    );
    return rows[0]?.payload;
  }
}
