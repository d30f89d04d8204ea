import { describe, expect, it } from '@jest/globals';
import { latencyBucket, latencyEnds, latencyFigures } from './latency.js';

describe('latencyBucket', () => {
  it.each([
    [0, 0],
    [250, 0],
    [251, 1],
    [500, 1],
    [1_000, 2],
    [24 * 3_600_000, latencyEnds.length - 1],
    [24 * 3_600_000 + 1, latencyEnds.length],
  ])('puts %d ms into class %d', (ms, bucket) => {
    expect(latencyBucket(ms)).toBe(bucket);
  });

  it('has ends that rise', () => {
    expect([...latencyEnds].sort((a, b) => a - b)).toEqual(latencyEnds);
    expect(new Set(latencyEnds).size).toBe(latencyEnds.length);
  });
});

describe('latencyFigures', () => {
  it('of nothing are undefined', () => {
    expect(latencyFigures(new Map(), 0)).toBeUndefined();
    expect(latencyFigures(new Map([[3, 0]]), 0)).toBeUndefined();
  });

  it('spreads a class evenly', () => {
    // 100 deliveries between 500 and 1000 ms.
    expect(latencyFigures(new Map([[2, 100]]), 75_000)).toEqual({
      average_ms: 750,
      p50_ms: 750,
      p95_ms: 975,
    });
  });

  it('finds the class in which the percentile lies', () => {
    const histogram = new Map([
      [0, 90],
      [latencyBucket(60_000), 10],
    ]);
    const figures = latencyFigures(histogram, 0);
    expect(figures?.p50_ms).toBe(139);
    // Half of the class from 45 to 60 seconds.
    expect(figures?.p95_ms).toBe(52_500);
  });

  it('knows only the beginning of the last class', () => {
    expect(latencyFigures(new Map([[latencyEnds.length, 3]]), 1)?.p95_ms).toBe(24 * 3_600_000);
  });

  it('is off by no more than the class is wide', () => {
    const values = Array.from({ length: 1_000 }, (_, index) => 10 * (index + 1));
    const histogram = new Map<number, number>();
    for (const value of values)
      histogram.set(latencyBucket(value), (histogram.get(latencyBucket(value)) ?? 0) + 1);
    const figures = latencyFigures(histogram, 0);
    expect(Math.abs((figures?.p50_ms ?? 0) - 5_000)).toBeLessThanOrEqual(20);
    expect(Math.abs((figures?.p95_ms ?? 0) - 9_500)).toBeLessThanOrEqual(20);
  });
});
