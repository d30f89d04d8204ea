import { describe, expect, it } from '@jest/globals';
import { nextLimit } from './adaptive-limit.js';

describe('the limit of calls in flight', () => {
  it.each([
    // limit, loop delay, reached, several lanes, most, next
    [100, 10, true, false, 256, 80],
    [100, 10, false, false, 256, 80],
    [9, 10, true, false, 256, 8],
    [8, 10, true, false, 256, 8],
    [4, 10, true, false, 4, 4],
    [100, 4, true, false, 256, 100],
    [100, 1, false, false, 256, 100],
    [100, 1, true, false, 256, 112],
    [250, 1, true, false, 256, 256],
    [256, 1, true, false, 256, 256],
    [100, 4, true, true, 256, 80],
    [100, 1, true, true, 256, 100],
    [100, 0.5, true, true, 256, 112],
    [8, 0, true, true, 256, 12],
  ])(
    '%d with a delay of %d ms, reached: %s, shared: %s, at most %d: next %d',
    (limit, delayMs, isFull, isShared, most, next) => {
      expect(nextLimit(limit, delayMs, { isFull, isShared }, most)).toBe(next);
    },
  );

  it('comes down to the least and up to the most in a few steps', () => {
    const usage = { isFull: true, isShared: true };
    let limit = 256;
    for (let step = 0; step < 20; step++) limit = nextLimit(limit, 50, usage, 256);
    expect(limit).toBe(8);
    for (let step = 0; step < 30; step++) limit = nextLimit(limit, 0, usage, 256);
    expect(limit).toBe(256);
  });
});
