import { Inject, Injectable } from '@nestjs/common';
import { Database, dropPartitions } from '#libs/database';

/** In this order: a message goes only after what points to it. */
const tables = ['webhook_deliveries', 'webhook_attempts', 'webhook_messages'] as const;

@Injectable()
export class SystemRetentionRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Drops the weeks that end before a moment: no row is read. @returns the names of the dropped partitions */
  async dropBefore(before: Date): Promise<string[]> {
    const dropped: string[] = [];
    for (const table of tables) dropped.push(...(await dropPartitions(this.database, table, before)));
    return dropped;
  }
}
