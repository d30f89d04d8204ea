import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '#libs/errors';

interface RingKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Where a sealed value lives; bound into the seal, so a value copied to another row does not open. */
export interface SealPlace {
  table: string;
  column: string;
  rowId: string;
}

/**
 * Seals secrets with AES-256-GCM under a versioned key ring: the first key seals, every key opens.
 * Form: `v1.<key id>.<base64url of 12-byte nonce, ciphertext, 16-byte tag>`.
 */
export class Sealer {
  private readonly ring: readonly [RingKey, ...RingKey[]];

  /**
   * @param keyRing `id:base64[,id:base64…]`, newest first, 32 bytes each.
   * @throws AppError `crypto.bad_key_ring`; never shows a key.
   */
  constructor(keyRing: string) {
    const keys = keyRing.split(',').map((entry, index) => parseKey(entry.trim(), index));
    const [first, ...rest] = keys;
    if (first === undefined) throw badRing('it is empty');
    if (new Set(keys.map((key) => key.id)).size !== keys.length) throw badRing('an id appears twice');
    this.ring = [first, ...rest];
  }

  seal(plain: string, place: SealPlace): string {
    const [{ id, key }] = this.ring;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(associatedData(place));
    const body = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${id}.${body.toString('base64url')}`;
  }

  /** @throws AppError `crypto.cannot_open` when the key is unknown, or the value was changed or moved. */
  open(sealed: string, place: SealPlace): string {
    const [version, id, body] = sealed.split('.');
    const key = this.ring.find((candidate) => candidate.id === id)?.key;
    if (version !== 'v1' || key === undefined || body === undefined)
      throw cannotOpen('its key is not in SESAME_KEYS');
    const bytes = Buffer.from(body, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(associatedData(place));
      decipher.setAuthTag(bytes.subarray(-16));
      return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw cannotOpen('it was changed or does not belong to this row');
    }
  }
}

function associatedData(place: SealPlace): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.column, place.rowId]));
}

function parseKey(entry: string, index: number): RingKey {
  const separator = entry.indexOf(':');
  const id = entry.slice(0, separator);
  const encoded = entry.slice(separator + 1);
  if (separator < 1 || !/^[A-Za-z0-9_-]{1,32}$/.test(id)) throw badRing(`entry ${index + 1} has no id`);
  // Node's decoder stops at the first `=`: a comma forgotten after it would silently lose the keys behind.
  if (!/^[\w+/-]{43}=?$/.test(encoded)) throw badRing(`key "${id}" is not 32 bytes of base64`);
  return { id, key: Buffer.from(encoded, 'base64') };
}

function badRing(why: string): AppError {
  return new AppError({ code: 'crypto.bad_key_ring', kind: 'internal', message: `SESAME_KEYS: ${why}.` });
}

function cannotOpen(why: string): AppError {
  return new AppError({
    code: 'crypto.cannot_open',
    kind: 'internal',
    message: `A sealed value cannot be opened: ${why}.`,
  });
}
