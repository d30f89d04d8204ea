import { Inject, Injectable } from '@nestjs/common';
import { Database, ensurePartitions } from '#libs/database';

@Injectable()
export class SystemMaintenanceRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The weekly partitions of the time ahead. */
  async makePartitions(now: Date): Promise<void> {
    await ensurePartitions((sql) => this.database.query(sql).then(() => undefined), now);
  }

  /** Records older than the 24 hours that they count. Index on created_at. */
  async forgetIdempotencyRecords(): Promise<void> {
    await this.database.query(
      `DELETE FROM idempotency_records WHERE created_at < now() - interval '25 hours'`,
    );
  }
}
