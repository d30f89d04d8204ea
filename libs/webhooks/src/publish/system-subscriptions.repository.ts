import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

@Injectable()
export class SystemSubscriptionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Projects with an enabled endpoint, of all tenants. Reads the small table `webhooks`. */
  async projects(): Promise<string[]> {
    const { rows } = await this.database.query<{ project_id: string }>(
      `SELECT DISTINCT project_id FROM webhooks WHERE status = 'enabled'`,
      [],
      'webhooks-projects',
    );
    return rows.map((row) => row.project_id);
  }
}
