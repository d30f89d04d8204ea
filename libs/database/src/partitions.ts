import { firstIdAt } from '#libs/crypto';

/** Tables partitioned by week on a UUIDv7 column. */
export const partitionedTables = [
  'emails',
  'email_contents',
  'attempts',
  'events',
  'webhook_messages',
  'webhook_deliveries',
  'webhook_attempts',
  'request_logs',
] as const;

const WEEK_MS = 7 * 24 * 3600 * 1000;
/** Monday, 1970-01-05T00:00Z: weeks begin on Mondays. */
const FIRST_MONDAY_MS = 4 * 24 * 3600 * 1000;

export interface WeekPartition {
  name: string;
  fromId: string;
  toId: string;
}

/** The partition that a row made at `at` belongs to. */
export function weekPartition(table: string, at: Date): WeekPartition {
  const start = new Date(Math.floor((at.getTime() - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS);
  const end = new Date(start.getTime() + WEEK_MS);
  return {
    name: `${table}_p${start.toISOString().slice(0, 10).replaceAll('-', '')}`,
    fromId: firstIdAt(start),
    toId: firstIdAt(end),
  };
}

/** Makes the partitions from last week to `weeksAhead` weeks from now, where they are missing. */
export async function ensurePartitions(
  execute: (sql: string) => Promise<void>,
  now: Date,
  weeksAhead = 5,
): Promise<void> {
  for (const table of partitionedTables) {
    for (let week = -1; week <= weeksAhead; week++) {
      const { name, fromId, toId } = weekPartition(table, new Date(now.getTime() + week * WEEK_MS));
      await execute(
        `CREATE TABLE IF NOT EXISTS "${name}" PARTITION OF "${table}" FOR VALUES FROM ('${fromId}') TO ('${toId}')`,
      );
    }
  }
}
