import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

@Injectable()
export class SystemMaintenanceRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Records older than the 24 hours that they count. Index on created_at. */
  async forgetIdempotencyRecords(): Promise<void> {
    await this.database.query(`DELETE FROM idempotency_records WHERE created_at < now() - interval '25 hours'`);
  }
}
