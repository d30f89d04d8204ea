import { describe, expect, it } from '@jest/globals';
import { labelled, ticksTo } from './scale';

describe('the figures on the axis of a chart', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [10, [0, 5, 10]],
    [41, [0, 20, 40, 60]],
    [1_000, [0, 500, 1_000]],
    [123_456, [0, 50_000, 100_000, 150_000]],
  ])('up to %d', (most, expected) => {
    expect(ticksTo(most)).toEqual(expected);
  });
});

describe('the places that get a label', () => {
  it.each([
    [1, 5, [0]],
    [7, 7, [0, 1, 2, 3, 4, 5, 6]],
    [24, 6, [0, 4, 8, 12, 16, 20]],
    [31, 6, [0, 6, 12, 18, 24, 30]],
    [5, 0, [0]],
  ])('%d places, room for %d', (count, fit, expected) => {
    expect(labelled(count, fit)).toEqual(expected);
  });
});
