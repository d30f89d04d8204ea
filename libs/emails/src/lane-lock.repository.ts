import { createHash } from 'node:crypto';
import type { Sql } from '#libs/database';

/**
 * A lane's advisory lock keeps wake-ups from being lost. Whoever adds mail to a lane holds it shared, from before it looks at
 * `lanes.wake_at` until it commits; the end of a drain, which sets `wake_at` from what is left, holds it alone. So either the drain
 * sees the mail, or the adder sees what the drain has set. Shared locks live in memory: adders neither wait nor write.
 */
const LANE_LOCK = 0x5e5b;

/** 32 bits of the connection's id. A collision costs a wait of a millisecond. */
function lockKey(connectionId: string): number {
  return createHash('md5').update(connectionId).digest().readInt32BE(0);
}

/** Must be a statement of its own, before the one that looks: a statement sees what was committed when it began. */
export async function shareLanes(sql: Sql, connectionIds: readonly string[]): Promise<void> {
  const keys = [...new Set(connectionIds)].map(lockKey);
  await sql.query(
    'SELECT pg_advisory_xact_lock_shared($1, key) FROM unnest($2::int[]) AS key',
    [LANE_LOCK, keys],
    'lane-share',
  );
}

/** The same as text, to open a transaction with: numbers of our own making only. */
export function shareLanesSql(connectionIds: readonly string[]): string {
  const keys = [...new Set(connectionIds)].map(lockKey);
  return keys.length === 0
    ? ''
    : `SELECT ${keys.map((key) => `pg_advisory_xact_lock_shared(${LANE_LOCK}, ${key})`).join(', ')}`;
}

/** Text to open a transaction with. */
export function lockLaneAloneSql(connectionId: string): string {
  return `SELECT pg_advisory_xact_lock(${LANE_LOCK}, ${lockKey(connectionId)})`;
}
