import { describe, expect, it } from '@jest/globals';
import { longPollSeconds, nextPullMs } from './pull-times.js';

const minute = 60_000;
const day = 1_440 * minute;

describe('nextPullMs', () => {
  it.each([
    ['at once while mail is going out', 0, 0],
    ['at once for a minute after it', minute - 1, 0],
    ['after seconds for the next minutes', minute, 6_000],
    ['after half a minute five minutes later', 5 * minute, 30_000],
    ['at most after an hour', 3 * day, 3_600_000],
    ['not at all when SQS has nothing left to keep', 14 * day, undefined],
  ])('%s', (_, quietMs, expected) => {
    expect(nextPullMs(quietMs)).toBe(expected);
  });
});

describe('longPollSeconds', () => {
  it.each([
    ['waits long while events are due', 0, 1, 20],
    ['waits shortly when many wait', 0, 33, 2],
    ['only looks when it has been quiet', 2 * minute, 1, 1],
  ])('%s', (_, quietMs, waits, expected) => {
    expect(longPollSeconds(quietMs, waits)).toBe(expected);
  });
});
