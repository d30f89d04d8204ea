import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { parseKeyRing, type KeyRing } from './key-ring.js';

/**
 * Signs what leaves us and comes back in a URL, with keys derived from the key ring. Signed text can be read by everybody; it
 * cannot be changed, nor used for another purpose.
 */
export class Signer {
  private readonly ring: KeyRing;

  /** @throws AppError `crypto.bad_key_ring` */
  constructor(keyRing: string) {
    this.ring = parseKeyRing(keyRing);
  }

  /** @returns text and signature in base64url, with a dot between */
  sign(purpose: string, text: string): string {
    const [{ key }] = this.ring;
    return `${Buffer.from(text).toString('base64url')}.${mac(key, purpose, text).toString('base64url')}`;
  }

  /** @returns the text, or undefined when we have not signed it for this purpose */
  verify(purpose: string, token: string): string | undefined {
    const [encoded = '', signature = '', ...rest] = token.split('.');
    const text = Buffer.from(encoded, 'base64url').toString();
    const given = Buffer.from(signature, 'base64url');
    const isOurs = this.ring.some(({ key }) => {
      const expected = mac(key, purpose, text);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
    return isOurs && rest.length === 0 ? text : undefined;
  }
}

function mac(key: Buffer, purpose: string, text: string): Buffer {
  const derived = Buffer.from(hkdfSync('sha256', key, '', `sesame signer: ${purpose}`, 32));
  return createHmac('sha256', derived).update(text).digest();
}
