import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JobProducer } from '#libs/queue';
import { createLogger } from '#libs/telemetry';
import { LaneWakeUps } from './lane-wake-ups.js';

let woken: string[];
let logged: string[];
let isAway: boolean;
let wakeUps: LaneWakeUps;

beforeEach(() => {
  jest.useFakeTimers();
  woken = [];
  logged = [];
  isAway = false;
  const add = (_name: string, data: object) => {
    woken.push((data as { connectionId: string }).connectionId);
    return isAway ? Promise.reject(new Error('away')) : Promise.resolve();
  };
  wakeUps = new LaneWakeUps(
    { add } as unknown as JobProducer,
    createLogger('debug', 'test', (line) => logged.push(line)),
  );
});
afterEach(() => {
  jest.useRealTimers();
});

describe('wake-ups of lanes', () => {
  it('the first of a lane goes at once, those that follow go together', () => {
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
      const since = woken.length;
      jest.advanceTimersByTime(1);
      expect(woken.length - since).toBeLessThanOrEqual(1);
    }
    expect(woken.length).toBeLessThanOrEqual(11);
    wakeUps.wake('a');
    const before = woken.length;
    jest.advanceTimersByTime(10);
    expect(woken).toHaveLength(before + 1);
  });

  it('a lane that has been quiet is woken at once again', () => {
    wakeUps.wake('a');
    jest.advanceTimersByTime(10);
    wakeUps.wake('a');
    expect(woken).toEqual(['a', 'a']);
  });

  it('one that is lost is logged, and the next one goes', async () => {
    isAway = true;
    wakeUps.wake('a');
    await jest.advanceTimersByTimeAsync(10);
    expect(logged.join()).toContain('lane.wake_lost');
    isAway = false;
    wakeUps.wake('a');
    expect(woken).toEqual(['a', 'a']);
  });
});
