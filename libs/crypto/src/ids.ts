import { createHash, randomBytes } from 'node:crypto';

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, then randomness, with a counter in the first 12 random bits so that
 * ids made by one process in one millisecond still sort in the order they were made.
 */
let lastMs = 0;
let counter = 0;
let pool = Buffer.alloc(0);
let poolAt = 0;

export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = 0;
  } else if (++counter > 0xfff) {
    // The counter is used up: borrow from the next millisecond rather than go back.
    lastMs += 1;
    counter = 0;
  }
  if (poolAt + 8 > pool.length) {
    pool = randomBytes(8 * 512);
    poolAt = 0;
  }
  const tail = pool.toString('hex', poolAt, poolAt + 8);
  poolAt += 8;
  const time = lastMs.toString(16).padStart(12, '0');
  const variant = ((parseInt(tail.charAt(0), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
}

/**
 * An id in the shape of a UUIDv7 that is always the same for the same moment and the same parts: what is written twice is
 * seen to be the same thing.
 */
export function derivedId(at: Date, ...parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\u0000')).digest('hex');
  const time = at.getTime().toString(16).padStart(12, '0');
  const variant = ((parseInt(digest.charAt(3), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

/** The smallest UUIDv7 of a moment: a bound for range queries and partitions. */
export function firstIdAt(date: Date): string {
  const time = date.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** The moment a UUIDv7 was made. */
export function timeOfId(id: string): Date {
  return new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return uuidPattern.test(value);
}
