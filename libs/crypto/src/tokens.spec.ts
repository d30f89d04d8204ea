import { describe, expect, it } from '@jest/globals';
import { Clock, SystemClock } from './clock.js';
import { hashApiKey, newApiKey, newExternalId, sha256 } from './tokens.js';

describe('an API key', () => {
  it('begins like a Resend key and carries 256 bits', () => {
    const token = newApiKey();
    expect(token).toMatch(/^re_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token.slice(3), 'base64url')).toHaveLength(32);
  });

  it('never comes twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, newApiKey)).size).toBe(1_000);
  });

  it('is stored as the SHA-256 of the whole token', () => {
    expect(hashApiKey('re_test').toString('hex')).toBe(sha256('re_test').toString('hex'));
    expect(hashApiKey('re_test')).toHaveLength(32);
    expect(hashApiKey('re_test').equals(hashApiKey('re_Test'))).toBe(false);
  });
});

describe('an external ID', () => {
  it('is 128 random bits within the alphabet and length of STS', () => {
    const id = newExternalId();
    expect(id).toMatch(/^sesame-[0-9a-f]{32}$/);
    expect(id).toMatch(/^[\w+=,.@:/-]{2,1224}$/);
  });

  it('never comes twice', () => {
    expect(new Set(Array.from({ length: 1_000 }, newExternalId)).size).toBe(1_000);
  });
});

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [Buffer.from('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %j', (data, expected) => {
    expect(sha256(data).toString('hex')).toBe(expected);
  });
});

describe('a clock', () => {
  it('gives the same moment as number and as date', () => {
    class FixedClock extends Clock {
      override nowMs(): number {
        return 1_700_000_000_123;
      }
    }
    expect(new FixedClock().now().toISOString()).toBe('2023-11-14T22:13:20.123Z');
  });

  it('of the system tells the time of the process', () => {
    const before = Date.now();
    const now = new SystemClock().nowMs();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
