import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, firstIdAt, isUuid, newId, timeOfId } from './ids.js';

/** Ids only move forward within a process: a time after every one that a test before has used. */
const ahead = () => timeOfId(newId(0)).getTime() + 1_000;

describe('newId', () => {
  it('makes UUIDs of version 7 and the RFC 4122 variant', () => {
    for (const id of Array.from({ length: 2_000 }, () => newId())) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('carries the time it was made at', () => {
    const now = ahead();
    jest.useFakeTimers({ now });
    try {
      expect(timeOfId(newId()).getTime()).toBe(now);
    } finally {
      jest.useRealTimers();
    }
    expect(timeOfId(newId(now + 5)).getTime()).toBe(now + 5);
  });

  it('never makes one twice, also where the random pool is filled anew', () => {
    const ids = Array.from({ length: 5_000 }, () => newId());
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.slice(20))).size).toBe(ids.length);
  });

  it('sorts in the order of making within one millisecond', () => {
    const base = ahead();
    const ids = Array.from({ length: 4_096 }, () => newId(base));
    expect(ids).toEqual([...ids].sort());
    expect(ids.every((id) => timeOfId(id).getTime() === base)).toBe(true);
  });

  it('borrows from the next millisecond when the counter is used up, and goes on from there', () => {
    const base = ahead();
    const ids = Array.from({ length: 10_000 }, () => newId(base));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids.map((id) => timeOfId(id).getTime() - base))).toEqual(new Set([0, 1, 2]));
  });

  it('does not go back when the clock does', () => {
    const at = ahead();
    const late = newId(at);
    const early = newId(at - 5_000);
    expect(early > late).toBe(true);
    expect(timeOfId(early).getTime()).toBe(at);
  });

  it('sorts in the order of making, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 60 }), (steps) => {
        let now = ahead();
        const ids = steps.map((step) => newId((now += step)));
        expect(ids).toEqual([...ids].sort());
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('firstIdAt', () => {
  it.each([
    [0, '00000000-0000-0000-0000-000000000000'],
    [1, '00000000-0001-0000-0000-000000000000'],
    [0x0190_b2d4_7a3c, '0190b2d4-7a3c-0000-0000-000000000000'],
    [2 ** 48 - 1, 'ffffffff-ffff-0000-0000-000000000000'],
  ])('of %d is %s', (at, bound) => {
    expect(firstIdAt(new Date(at))).toBe(bound);
    expect(timeOfId(bound).getTime()).toBe(at);
  });

  it('is below every id of its millisecond and above every id before it', () => {
    const at = ahead();
    const before = newId(at - 1);
    const within = newId(at);
    const bound = firstIdAt(new Date(at));
    expect(before < bound).toBe(true);
    expect(within > bound).toBe(true);
    expect(within < firstIdAt(new Date(at + 1))).toBe(true);
  });

  it('orders as the times do and gives the time back', () => {
    const time = fc.integer({ min: 0, max: 2 ** 47 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [idA, idB] = [firstIdAt(new Date(a)), firstIdAt(new Date(b))];
        expect(timeOfId(idA).getTime()).toBe(a);
        expect(idA < idB).toBe(a < b);
        expect(isUuid(idA)).toBe(true);
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});

describe('isUuid', () => {
  it.each([
    ['0190b2d4-7a3c-7def-8123-456789abcdef', true],
    ['0190B2D4-7A3C-7DEF-8123-456789ABCDEF', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['0190b2d47a3c7def8123456789abcdef', false],
    ['0190b2d4-7a3c-7def-8123-456789abcde', false],
    ['0190b2d4-7a3c-7def-8123-456789abcdef\n', false],
    [' 0190b2d4-7a3c-7def-8123-456789abcdef', false],
    ['g190b2d4-7a3c-7def-8123-456789abcdef', false],
    ["0190b2d4-7a3c-7def-8123-456789abcdef'--", false],
    ['', false],
  ])('%j: %s', (value, expected) => {
    expect(isUuid(value)).toBe(expected);
  });
});

describe('derivedId', () => {
  const at = new Date('2026-08-05T12:00:00.123Z');

  it('is a UUIDv7 of its moment, the same for the same parts', () => {
    const id = derivedId(at, 'a', 'b');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOfId(id)).toEqual(at);
    expect(derivedId(at, 'a', 'b')).toBe(id);
  });

  it('is another for other parts, another cut of them, and another moment', () => {
    const ids = [
      derivedId(at, 'a', 'b'),
      derivedId(at, 'ab'),
      derivedId(at, 'a', 'c'),
      derivedId(at, 'a', 'b', ''),
      derivedId(new Date(at.getTime() + 1), 'a', 'b'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
