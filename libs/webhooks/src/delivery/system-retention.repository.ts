import { Inject, Injectable } from '@nestjs/common';
import { Database, weekPartition } from '#libs/database';

/** In this order: a message goes only after what points to it. */
const tables = ['webhook_deliveries', 'webhook_attempts', 'webhook_messages'] as const;

@Injectable()
export class SystemRetentionRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Drops the weekly partitions that end before a moment: no row is read. Waits for nobody longer than two seconds, because whoever
   * publishes would wait behind it; what could not be had goes next time.
   *
   * @returns the names of the dropped partitions
   */
  async dropBefore(before: Date): Promise<string[]> {
    const dropped: string[] = [];
    for (const table of tables) {
      // The name tells the week; the week of `before` itself stays.
      const oldest = weekPartition(table, before).name;
      const { rows } = await this.database.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = $1::text::regclass AND c.relname < $2 ORDER BY 1`,
        [table, oldest],
      );
      for (const { name } of rows) {
        await this.database.transaction(
          (sql) => sql.query(`DROP TABLE "${name}"`).then(() => undefined),
          `SET LOCAL lock_timeout = '2s'`,
        );
        dropped.push(name);
      }
    }
    return dropped;
  }
}
