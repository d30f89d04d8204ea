import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isPaced, UrgentFirst } from './urgent-first.js';

describe('UrgentFirst', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const watch = (pause: Promise<void> | undefined): { done: boolean } => {
    const state = { done: pause === undefined };
    pause?.then(() => (state.done = true));
    return state;
  };

  it('lets a backlog run while nobody is in a hurry', () => {
    expect(new UrgentFirst().pause()).toBeUndefined();
  });

  it('holds it while a woken lane may have a single mail, and no longer', async () => {
    const first = new UrgentFirst();
    const one = first.begin();
    const two = first.begin();
    const backlog = watch(first.pause());
    one('nothing');
    one('nothing');
    await jest.advanceTimersByTimeAsync(1);
    expect(backlog.done).toBe(false);
    two('backlog');
    await jest.advanceTimersByTimeAsync(0);
    expect(backlog.done).toBe(true);
    expect(first.isHot).toBe(false);
  });

  it('never holds it longer than 10 ms, and lets it run 5 ms afterwards', async () => {
    const first = new UrgentFirst();
    first.begin();
    const backlog = watch(first.pause());
    await jest.advanceTimersByTimeAsync(9);
    expect(backlog.done).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(backlog.done).toBe(true);
    expect(first.pause()).toBeUndefined();
    await jest.advanceTimersByTimeAsync(5);
    expect(first.pause()).toBeInstanceOf(Promise);
  });

  it('lets it go by turns for a second after a single mail has left', async () => {
    const first = new UrgentFirst();
    first.begin()('sent');
    expect(first.pause()).toBeInstanceOf(Promise);
    await jest.advanceTimersByTimeAsync(999);
    expect(first.isHot).toBe(true);
    await jest.advanceTimersByTimeAsync(1);
    expect(first.isHot).toBe(false);
    expect(first.pause()).toBeUndefined();
  });
});

describe('isPaced', () => {
  it.each([
    [14, true],
    [1_000, true],
    [1_001, false],
  ])('at %s recipients per second: %s', (rate, expected) => {
    expect(isPaced({ spacingMs: 1_000 / rate })).toBe(expected);
  });
});
