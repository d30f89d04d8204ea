import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '#libs/errors';
import { Sealer, type SealPlace } from './sealer.js';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const ringOf = (...entries: [id: string, fill: number][]) =>
  entries.map(([id, fill]) => `${id}:${key(fill)}`).join(',');
const place: SealPlace = { table: 'sessions', column: 'token', rowId: 'row-1' };

function errorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a sealed value', () => {
  const sealer = new Sealer(ringOf(['k1', 1]));

  it('opens to what was sealed, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (plain) => {
        expect(sealer.open(sealer.seal(plain, place), place)).toBe(plain);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('opens to a large text', () => {
    const plain = 'ä€😀'.repeat(50_000);
    expect(sealer.open(sealer.seal(plain, place), place)).toBe(plain);
  });

  it('names its version and key, and shows nothing of the text', () => {
    const sealed = sealer.seal('FwoGZXIvYXdzEXAMPLE', place);
    expect(sealed).toMatch(/^v1\.k1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain(
      'FwoGZXIvYXdz',
    );
  });

  it('never looks the same twice', () => {
    const seals = Array.from({ length: 200 }, () => sealer.seal('same', place));
    expect(new Set(seals.map((sealed) => sealed.split('.')[2]?.slice(0, 16))).size).toBe(200);
  });

  it.each<[string, SealPlace]>([
    ['another row', { ...place, rowId: 'row-2' }],
    ['another column', { ...place, column: 'secret' }],
    ['another table', { ...place, table: 'accounts' }],
    ['a place that only looks the same when joined', { table: 'sessions.token', column: '', rowId: 'row-1' }],
    ['an empty row', { ...place, rowId: '' }],
  ])('does not open in %s', (_, other) => {
    const error = errorOf(() => sealer.open(sealer.seal('secret', place), other));
    expect(error).toMatchObject({ code: 'crypto.cannot_open', kind: 'internal' });
  });

  it('does not open with any single bit changed: nonce, text or tag', () => {
    const [version, id, body = ''] = sealer.seal('secret text', place).split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const sealed = `${version}.${id}.${changed.toString('base64url')}`;
      expect(errorOf(() => sealer.open(sealed, place)).code).toBe('crypto.cannot_open');
    }
  });

  it('does not open when bytes are missing at either end', () => {
    const bytes = Buffer.from(sealer.seal('secret text', place).split('.')[2] ?? '', 'base64url');
    for (let left = 0; left < bytes.length; left++) {
      for (const part of [bytes.subarray(0, left), bytes.subarray(bytes.length - left)]) {
        const error = errorOf(() => sealer.open(`v1.k1.${part.toString('base64url')}`, place));
        expect(error.code).toBe('crypto.cannot_open');
      }
    }
  });

  it.each([
    ['nothing', ''],
    ['plain text', 'hello'],
    ['an unknown version', 'v2.k1.AAAA'],
    ['an unknown key', 'v1.k9.AAAA'],
    ['no body', 'v1.k1'],
    ['an empty body', 'v1.k1.'],
    ['an inherited property as key id', 'v1.constructor.AAAA'],
  ])('is refused as an AppError when it is %s', (_, sealed) => {
    expect(errorOf(() => sealer.open(sealed, place))).toMatchObject({ code: 'crypto.cannot_open' });
  });

  it('says nothing of text or key when it does not open', () => {
    const sealed = sealer.seal('AKIASECRETSECRET', place);
    const error = errorOf(() => sealer.open(sealed, { ...place, rowId: 'other' }));
    const shown = inspect(error, { depth: 10 });
    expect(shown).not.toContain('AKIASECRET');
    expect(shown).not.toContain(key(1));
    expect(shown).not.toContain(sealed);
  });
});

describe('the key ring', () => {
  it('seals with its first key and opens with every key', () => {
    const old = new Sealer(ringOf(['2025', 1]));
    const rotated = new Sealer(ringOf(['2026', 2], ['2025', 1]));
    expect(rotated.open(old.seal('before', place), place)).toBe('before');
    const sealed = rotated.seal('after', place);
    expect(sealed).toMatch(/^v1\.2026\./);
    expect(rotated.open(sealed, place)).toBe('after');
    expect(errorOf(() => old.open(sealed, place)).message).toContain('SESAME_KEYS');
  });

  it('does not open what a removed key has sealed', () => {
    const sealed = new Sealer(ringOf(['2025', 1])).seal('x', place);
    expect(errorOf(() => new Sealer(ringOf(['2026', 2])).open(sealed, place)).code).toBe(
      'crypto.cannot_open',
    );
  });

  it('does not open with another key of the same id', () => {
    const sealed = new Sealer(ringOf(['k', 1])).seal('x', place);
    expect(errorOf(() => new Sealer(ringOf(['k', 2])).open(sealed, place)).code).toBe('crypto.cannot_open');
  });

  it('may have spaces around its entries', () => {
    const sealer = new Sealer(` k2:${key(2)} , k1:${key(1)} `);
    expect(sealer.open(new Sealer(ringOf(['k1', 1])).seal('x', place), place)).toBe('x');
  });

  it.each([
    ['is empty', ''],
    ['is a key without an id', key(7)],
    ['has an empty id', `:${key(7)}`],
    ['has an id with other characters', `k 1:${key(7)}`],
    ['has an id of 33 characters', `${'k'.repeat(33)}:${key(7)}`],
    ['has key and id in the wrong order', `${key(7)}:k1`],
    ['has no key', 'k1:'],
    ['has a key of 31 bytes', `k1:${Buffer.alloc(31, 7).toString('base64')}`],
    ['has a key of 33 bytes', `k1:${Buffer.alloc(33, 7).toString('base64')}`],
    ['has a key in hex', `k1:${Buffer.alloc(32, 7).toString('hex')}`],
    ['has a space for a comma', ringOf(['k2', 8], ['k1', 7]).replace(',', ' ')],
    ['has something behind the padding', `k1:${key(7)}${key(8)}`],
    ['has a character that is not base64', `k1:${key(7).replace('=', '!')}`],
    ['has the same id twice', `${ringOf(['k1', 7])},${ringOf(['k1', 8])}`],
    ['ends with a comma', `${ringOf(['k1', 7])},`],
  ])('is refused when it %s', (_, ring) => {
    expect(errorOf(() => new Sealer(ring))).toMatchObject({ code: 'crypto.bad_key_ring', kind: 'internal' });
  });

  it('never shows a key in the error', () => {
    const secret = randomBytes(32).toString('base64');
    const short = randomBytes(31).toString('base64');
    for (const ring of [
      secret,
      `${secret}:k1`,
      `:${secret}`,
      `k!:${secret}`,
      `k1:${secret},k1:${secret}`,
      `k1:${secret},k2:${short}`,
      `k1:${secret},`,
      `k1:${secret}${secret}`,
    ]) {
      const shown = inspect(
        errorOf(() => new Sealer(ring)),
        { depth: 10 },
      );
      expect(shown).toContain('SESAME_KEYS');
      expect(shown).not.toContain(secret.slice(0, 12));
      expect(shown).not.toContain(short.slice(0, 12));
    }
  });
});
