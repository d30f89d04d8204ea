import { describe, expect, it } from '@jest/globals';
import { LaneCondition } from './lane-condition.js';
import { isAway } from './failover.js';

describe('a failure', () => {
  it.each([
    ['throttle', true, 1_000],
    ['quota', true, 300_000],
    ['pause', true, 60_000],
    ['credentials', true, 2_000],
    ['denied', false, 0],
    ['retry', false, 0],
    ['fail', false, 0],
    ['uncertain', false, 0],
    ['unreachable', false, 0],
  ] as const)('%s stops the lane: %s, for %d ms', (action, stops, restMs) => {
    const lane = new LaneCondition(0);
    expect(lane.failed(action)).toBe(stops);
    expect(lane.restMs(0.5)).toBe(restMs);
  });

  it('with the longest rest decides', () => {
    const lane = new LaneCondition(0);
    for (const action of ['throttle', 'quota', 'credentials'] as const) lane.failed(action);
    expect(lane.restMs(0.5)).toBe(300_000);
  });
});

describe('the circuit breaker', () => {
  const broken = (trouble: number, failures: number) => {
    const lane = new LaneCondition(trouble);
    for (let count = 0; count < failures; count++) lane.failed(count % 2 === 0 ? 'unreachable' : 'uncertain');
    return lane;
  };

  it('opens at the fifth failure in a row', () => {
    const lane = new LaneCondition(0);
    expect([1, 2, 3, 4, 5].map(() => lane.failed('unreachable'))).toEqual([false, false, false, false, true]);
    expect(lane.troubleAfter).toBe(1);
  });

  it.each(['retry', 'fail', 'denied'] as const)('does not count %s, which is an answer of SES', (action) => {
    const lane = new LaneCondition(0);
    for (let count = 0; count < 20; count++) expect(lane.failed(action)).toBe(false);
    expect(lane.troubleAfter).toBe(0);
  });

  it('begins to count anew after a success', () => {
    const lane = broken(0, 4);
    lane.succeeded();
    expect(lane.failed('unreachable')).toBe(false);
    expect(lane.troubleAfter).toBe(0);
  });

  it.each([
    [0, 5, 1_500, 2_500],
    [1, 1, 3_000, 5_000],
    [2, 1, 6_000, 10_000],
    [6, 1, 90_000, 150_000],
    [100, 1, 90_000, 150_000],
  ])('after %d rounds of trouble and %d failures rests %d to %d ms', (trouble, failures, least, most) => {
    expect(broken(trouble, failures).restMs(0)).toBe(least);
    expect(broken(trouble, failures).restMs(1)).toBe(most);
  });

  it('lets one mail at a time probe until one gets through', () => {
    const lane = new LaneCondition(2);
    expect(lane.isProbing).toBe(true);
    expect(lane.failed('unreachable')).toBe(true);
    expect([lane.isProbing, lane.troubleAfter]).toEqual([true, 3]);
    const better = new LaneCondition(2);
    better.succeeded();
    expect([better.isProbing, better.troubleAfter, better.restMs(0.5)]).toEqual([false, 0, 0]);
    expect(new LaneCondition(0).isProbing).toBe(false);
  });

  it('keeps its count while nothing was learned, and does not count without end', () => {
    expect(new LaneCondition(3).troubleAfter).toBe(3);
    expect(broken(100, 1).troubleAfter).toBe(100);
  });
});

describe('mail goes another way', () => {
  it.each([
    ['broken', 0, true],
    ['active', 0, false],
    ['active', 1, false],
    ['active', 2, true],
    ['degraded', 2, true],
    ['paused', 50, false],
    ['unsafe', 50, false],
    ['pending', 50, false],
    ['disconnected', 50, false],
  ])('from a connection that is %s with %d rounds of trouble: %s', (status, trouble, expected) => {
    expect(isAway(status, trouble)).toBe(expected);
  });
});
