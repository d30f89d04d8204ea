import type { Sql } from './database.js';
import { weekPartition } from './partitions.js';

/**
 * Drops the weekly partitions of a table that end before a moment; the week of the moment itself stays. No row is read, and nobody
 * waits: the partition is detached without stopping those who write (which needs to be outside of a transaction), then dropped, when
 * nobody sees it any more. What was cut short is finished the next time.
 *
 * @param mayGo asked with the table name of a partition, before it is detached and once more after it: false keeps it
 * @returns the names of the dropped partitions
 */
export async function dropPartitions(
  sql: Sql,
  table: string,
  before: Date,
  mayGo: (partition: string) => Promise<boolean> = () => Promise.resolve(true),
): Promise<string[]> {
  const dropped: string[] = [];
  for (const { name, state } of await findPartitions(sql, table, before)) {
    if (state === 'attached') {
      if (!(await mayGo(name))) continue;
      await sql.query(`ALTER TABLE "${table}" DETACH PARTITION "${name}" CONCURRENTLY`);
    } else if (state === 'leaving')
      await sql.query(`ALTER TABLE "${table}" DETACH PARTITION "${name}" FINALIZE`);
    // Somebody may have written between the question and the detaching; from here on nobody can.
    if (await mayGo(name)) {
      await sql.query(`DROP TABLE "${name}"`);
      dropped.push(name);
    } else await attach(sql, table, name);
  }
  return dropped;
}

interface Partition {
  name: string;
  state: 'attached' | 'leaving' | 'detached';
}

/** Also those that an earlier run detached and did not come to drop. The name tells the week. */
async function findPartitions(sql: Sql, table: string, before: Date): Promise<Partition[]> {
  const { rows } = await sql.query<Partition>(
    `SELECT c.relname AS name,
            CASE WHEN i.inhrelid IS NULL THEN 'detached' WHEN i.inhdetachpending THEN 'leaving' ELSE 'attached' END AS state
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = $1::text::regclass)
       AND c.relname ~ ('^' || $1 || '_p[0-9]{8}$') AND c.relname < $2
     ORDER BY 1`,
    [table, weekPartition(table, before).name],
  );
  return rows;
}

async function attach(sql: Sql, table: string, name: string): Promise<void> {
  const [, year, month, day] = /_p(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  const { fromId, toId } = weekPartition(table, new Date(`${year}-${month}-${day}T00:00:00Z`));
  await sql.query(
    `ALTER TABLE "${table}" ATTACH PARTITION "${name}" FOR VALUES FROM ('${fromId}') TO ('${toId}')`,
  );
}
