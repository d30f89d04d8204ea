import { describe, expect, it } from '@jest/globals';
import { nextPassMs, retryMs } from './sync-times.js';

const minute = 60_000;

describe('the next pass through an account’s list', () => {
  it.each([
    [0, 15],
    [1, 30],
    [2, 60],
    [4, 240],
    [5, 360],
    [50, 360],
  ])('after %d quiet ones is about %d minutes away', (quietPasses, minutes) => {
    expect(nextPassMs(quietPasses, 0.5)).toBeCloseTo(minutes * minute);
    expect(nextPassMs(quietPasses, 0)).toBeCloseTo(0.9 * minutes * minute);
    expect(nextPassMs(quietPasses, 1)).toBeCloseTo(1.1 * minutes * minute);
  });
});

describe('what failed is tried again', () => {
  it.each([
    ['throttled', 0, 2_000],
    ['throttled', 3, 16_000],
    ['throttled', 30, 5 * minute],
    ['denied', 0, 5 * minute],
    ['denied', 30, 60 * minute],
    ['waiting', 0, 15_000],
    ['waiting', 30, 60 * minute],
  ] as const)('when %s, after %d failures within %d ms', (trouble, failures, most) => {
    expect(retryMs(trouble, failures, 1)).toBe(most);
    expect(retryMs(trouble, failures, 0)).toBe(most / 2);
  });
});
