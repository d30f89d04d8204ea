import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SpacedWakeUps } from './spaced-wake-ups.js';

let woken: string[];
let wakeUps: SpacedWakeUps;

beforeEach(() => {
  jest.useFakeTimers();
  woken = [];
  wakeUps = new SpacedWakeUps(10, (key) => woken.push(key));
});
afterEach(() => {
  jest.useRealTimers();
});

describe('spaced wake-ups', () => {
  it('the first of a key goes at once, those that follow go together', () => {
    wakeUps.wake('a');
    wakeUps.wake('b');
    expect(woken).toEqual(['a', 'b']);
    for (let count = 0; count < 5; count++) wakeUps.wake('a');
    expect(woken).toEqual(['a', 'b']);
    jest.advanceTimersByTime(10);
    expect(woken).toEqual(['a', 'b', 'a']);
    jest.advanceTimersByTime(1_000);
    expect(woken).toEqual(['a', 'b', 'a']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('none is left out however they come: there is always one after the last', () => {
    for (let ms = 0; ms < 100; ms++) {
      wakeUps.wake('a');
      jest.advanceTimersByTime(1);
    }
    expect(woken.length).toBeLessThanOrEqual(11);
    wakeUps.wake('a');
    const before = woken.length;
    jest.advanceTimersByTime(10);
    expect(woken).toHaveLength(before + 1);
  });

  it('a key that has been quiet goes at once again', () => {
    wakeUps.wake('a');
    jest.advanceTimersByTime(10);
    wakeUps.wake('a');
    expect(woken).toEqual(['a', 'a']);
  });
});
