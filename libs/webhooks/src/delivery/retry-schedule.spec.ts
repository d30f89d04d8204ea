import { describe, expect, it } from '@jest/globals';
import { MAX_DELIVERY_ATTEMPTS, restMs, retryDelayMs } from './retry-schedule.js';

const HOUR = 3_600_000;

describe('the retry schedule', () => {
  it.each([
    [1, 5_000],
    [2, 300_000],
    [3, 1_800_000],
    [4, 2 * HOUR],
    [5, 5 * HOUR],
    [6, 10 * HOUR],
    [7, 10 * HOUR],
  ])('after failure %i waits about %i ms, ten percent each way', (failures, delay) => {
    expect(retryDelayMs(failures, 0.5)).toBe(delay);
    expect(retryDelayMs(failures, 0)).toBeCloseTo(delay * 0.9, 3);
    expect(retryDelayMs(failures, 1 - Number.EPSILON)).toBeCloseTo(delay * 1.1, 3);
  });

  it('ends after eight attempts, more than a day after the first', () => {
    expect(MAX_DELIVERY_ATTEMPTS).toBe(8);
    expect(retryDelayMs(MAX_DELIVERY_ATTEMPTS, 0.5)).toBeUndefined();
    const total = Array.from({ length: 7 }, (_, index) => retryDelayMs(index + 1, 0) ?? 0);
    expect(total.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(24 * HOUR);
  });
});

describe('the rest of an endpoint that times out', () => {
  it.each([
    [0, 0],
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
    [7, 300_000],
    [100, 300_000],
  ])('after %i turns is %i ms', (trouble, rest) => {
    expect(restMs(trouble)).toBe(rest);
  });
});
