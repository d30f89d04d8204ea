import { hash, randomBytes } from 'node:crypto';

/** A random 256-bit API key. The prefix `re_` is Resend's: some client code tests for it. */
export function newApiKey(): string {
  return `re_${randomBytes(32).toString('base64url')}`;
}

/** The form in which a key is stored and looked up. 256 random bits need no slow hash. */
export function hashApiKey(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** `sesame-` and 128 random bits in hex: within STS's alphabet for an external ID, and never chosen by anybody. */
export function newExternalId(): string {
  return `sesame-${randomBytes(16).toString('hex')}`;
}

export function sha256(data: string | Buffer): Buffer {
  return hash('sha256', data, 'buffer');
}
