import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '#libs/errors';
import { parseKeyRing, type KeyRing } from './key-ring.js';

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
  private readonly ring: KeyRing;

  /**
   * @param keyRing `id:base64[,id:base64…]`, newest first, 32 bytes each.
   * @throws AppError `crypto.bad_key_ring`; never shows a key.
   */
  constructor(keyRing: string) {
    this.ring = parseKeyRing(keyRing);
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

function cannotOpen(why: string): AppError {
  return new AppError({
    code: 'crypto.cannot_open',
    kind: 'internal',
    message: `A sealed value cannot be opened: ${why}.`,
  });
}
