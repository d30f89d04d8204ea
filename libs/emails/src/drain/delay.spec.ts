import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { delay } from './delay.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

async function isDone(waiting: Promise<void>): Promise<boolean> {
  let done = false;
  void waiting.then(() => (done = true));
  await jest.advanceTimersByTimeAsync(0);
  return done;
}

describe('delay', () => {
  it('waits as long as it was told', async () => {
    const waiting = delay(100, new AbortController().signal);
    await jest.advanceTimersByTimeAsync(99);
    expect(await isDone(waiting)).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await isDone(waiting)).toBe(true);
  });

  it.each([0, -5])('does not wait for %d ms', async (ms) => {
    await delay(ms, new AbortController().signal);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends when the signal aborts and leaves no timer', async () => {
    const controller = new AbortController();
    const waiting = delay(60_000, controller.signal);
    controller.abort();
    await waiting;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not begin when the signal has aborted', async () => {
    await delay(60_000, AbortSignal.abort());
    expect(jest.getTimerCount()).toBe(0);
  });
});
