import { createHash, randomBytes } from 'node:crypto';

/**
 * UUIDv7 (RFC 9562): 48 bits of milliseconds, then randomness, with a counter in the first 12 random bits so that
 * ids made by one process in one millisecond still sort in the order they were made.
 */
let lastMs = 0;
let counter = 0;
/** `lastMs` as an id begins with it, and randomness in hex: made once for many ids. */
let head = headOf(lastMs);
let pool = '';
let poolAt = 0;

export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) moveTo(nowMs);
  // The counter is used up: borrow from the next millisecond rather than go back.
  else if (++counter > 0xfff) moveTo(lastMs + 1);
  if (poolAt + 16 > pool.length) {
    pool = randomBytes(8 * 512).toString('hex');
    poolAt = 0;
  }
  const at = poolAt;
  poolAt += 16;
  const variant = '89ab'.charAt(parseInt(pool.charAt(at), 16) & 0x3);
  return `${head}${counter.toString(16).padStart(3, '0')}-${variant}${pool.slice(at + 1, at + 4)}-${pool.slice(at + 4, at + 16)}`;
}

function moveTo(ms: number): void {
  lastMs = ms;
  counter = 0;
  head = headOf(ms);
}

function headOf(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7`;
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
