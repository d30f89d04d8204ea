import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UrgentFirst } from './urgent-first.js';

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

  it('holds it while a woken lane has mail to send, until the last such lane is through', async () => {
    const first = new UrgentFirst();
    const one = first.begin();
    const two = first.begin();
    const backlog = watch(first.pause());
    one();
    one();
    await jest.advanceTimersByTimeAsync(1);
    expect(backlog.done).toBe(false);
    two();
    await jest.advanceTimersByTimeAsync(0);
    expect(backlog.done).toBe(true);
  });

  it('never holds it longer than 20 ms, and lets it run as long afterwards', async () => {
    const first = new UrgentFirst();
    first.begin();
    const backlog = watch(first.pause());
    await jest.advanceTimersByTimeAsync(19);
    expect(backlog.done).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(backlog.done).toBe(true);
    expect(first.pause()).toBeUndefined();
    await jest.advanceTimersByTimeAsync(20);
    expect(first.pause()).toBeInstanceOf(Promise);
  });
});
