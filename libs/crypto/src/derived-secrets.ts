import { hkdfSync } from 'node:crypto';
import { sha256 } from './tokens.js';
import { parseKeyRing } from './key-ring.js';

export interface DerivedSecret {
  /** The same for the same key, wherever in the ring it stands: 31 bits of its id's hash. */
  version: number;
  /** 32 bytes in base64url. */
  value: string;
}

/**
 * A secret for one purpose from each key of the ring, newest first, for libraries that want secrets of their own.
 *
 * @throws AppError `crypto.bad_key_ring`
 */
export function derivedSecrets(keyRing: string, purpose: string): DerivedSecret[] {
  return parseKeyRing(keyRing).map(({ id, key }) => ({
    version: sha256(id).readUInt32BE(0) >>> 1,
    value: Buffer.from(hkdfSync('sha256', key, '', `sesame derived: ${purpose}`, 32)).toString('base64url'),
  }));
}
