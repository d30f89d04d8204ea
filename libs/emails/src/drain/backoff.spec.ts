import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ATTEMPTS, retryDelayMs } from './backoff.js';

const almostOne = 1 - Number.EPSILON;

describe('retryDelayMs', () => {
  it.each([
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
    [8, 640_000],
    [10, 2_560_000],
    [11, 3_600_000],
    [14, 3_600_000],
    [1_000, 3_600_000],
  ])('after attempt %d is at most %d ms', (attempt, mostMs) => {
    expect(retryDelayMs(attempt, almostOne)).toBe(mostMs);
    expect(retryDelayMs(attempt, 0.5)).toBe(mostMs / 2);
    expect(retryDelayMs(attempt, 0)).toBe(0);
  });

  it('is spread evenly over the whole range: full jitter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: almostOne, noNaN: true }),
        (attempt, random) => {
          const delay = retryDelayMs(attempt, random);
          const most = retryDelayMs(attempt, almostOne);
          expect(Number.isInteger(delay)).toBe(true);
          expect(Math.abs(delay - random * most)).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('adds up to about half a day over all attempts', () => {
    const hours =
      Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => retryDelayMs(index + 1, almostOne)).reduce(
        (sum, ms) => sum + ms,
      ) / 3_600_000;
    expect(hours).toBeGreaterThan(4);
    expect(hours).toBeLessThan(13);
  });
});
