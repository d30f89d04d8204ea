import { Inject, Injectable } from '@nestjs/common';
import { RefreshPlatformPrincipal } from '#libs/connections';
import { Database, ensurePartitions } from '#libs/database';
import { SystemMaintenanceRepository } from './system-maintenance.repository.js';

/** What is done about once an hour, by whichever worker gets the job. */
@Injectable()
export class Maintenance {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SystemMaintenanceRepository) private readonly repository: SystemMaintenanceRepository,
    @Inject(RefreshPlatformPrincipal) private readonly platformPrincipal: RefreshPlatformPrincipal,
  ) {}

  async execute(): Promise<void> {
    await ensurePartitions((sql) => this.database.query(sql).then(() => undefined), new Date());
    await this.repository.forgetIdempotencyRecords();
    await this.platformPrincipal.execute();
  }
}
