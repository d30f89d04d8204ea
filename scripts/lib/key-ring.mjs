import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writePrivate } from './home.mjs';

/**
 * The key ring that seals secrets in the database: SESAME_KEYS, or one made at the first start. Losing the file means
 * losing what was sealed with it (sessions and webhook secrets, never mail).
 */
export function keyRing({ keys, inHome }) {
  if (keys !== undefined) return keys;
  const file = inHome('keys');
  if (!existsSync(file)) writePrivate(file, `local1:${randomBytes(32).toString('base64')}\n`);
  return readFileSync(file, 'utf8').trim();
}
