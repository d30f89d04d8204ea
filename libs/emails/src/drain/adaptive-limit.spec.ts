import { describe, expect, it } from '@jest/globals';
import { nextLimit } from './adaptive-limit.js';

describe('the limit of calls in flight', () => {
  it.each([
    // limit, loop delay, reached, most, next
    [100, 10, true, 256, 80],
    [100, 10, false, 256, 80],
    [17, 10, true, 256, 16],
    [16, 10, true, 256, 16],
    [4, 10, true, 4, 4],
    [100, 2, true, 256, 100],
    [100, 1, false, 256, 100],
    [100, 1, true, 256, 112],
    [16, 0, true, 256, 20],
    [250, 1, true, 256, 256],
    [256, 1, true, 256, 256],
  ])('%d with a delay of %d ms, reached: %s, at most %d: next %d', (limit, delayMs, isFull, most, next) => {
    expect(nextLimit(limit, delayMs, isFull, most)).toBe(next);
  });

  it('comes down to the least and up to the most in a few steps', () => {
    let limit = 256;
    for (let step = 0; step < 20; step++) limit = nextLimit(limit, 50, true, 256);
    expect(limit).toBe(16);
    for (let step = 0; step < 30; step++) limit = nextLimit(limit, 0, true, 256);
    expect(limit).toBe(256);
  });
});
