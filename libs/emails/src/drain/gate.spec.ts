import { describe, expect, it, jest } from '@jest/globals';
import { Gate } from './gate.js';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('Gate', () => {
  it('lets so many in at a time, in the order of their coming', async () => {
    const gate = new Gate(() => 2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = Promise.all(
      [0, 1, 2, 3, 4].map((number) =>
        gate.run(() => {
          begun.push(number);
          return new Promise<number>((resolve) => ends.push(() => resolve(number)));
        }),
      ),
    );
    for (const expected of [
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4],
    ]) {
      await settle();
      expect(begun).toEqual(expected);
      ends.shift()?.();
    }
    ends.shift()?.();
    await expect(all).resolves.toEqual([0, 1, 2, 3, 4]);
  });

  it('lets the next in when one fails, and hands the failure to whoever sent it', async () => {
    const gate = new Gate(() => 1);
    const failed = gate.run(() => Promise.reject(new Error('broken')));
    const next = gate.run(() => Promise.resolve('fine'));
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
    await expect(gate.run(() => Promise.resolve('again'))).resolves.toBe('again');
  });

  it('follows a limit that changes', async () => {
    let limit = 3;
    const gate = new Gate(() => limit);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = Promise.all(
      [0, 1, 2, 3, 4, 5].map((number) =>
        gate.run(() => {
          begun.push(number);
          return new Promise<void>((resolve) => ends.push(resolve));
        }),
      ),
    );
    const end = async () => {
      ends.shift()?.();
      await settle();
    };
    limit = 1;
    await end();
    await end();
    expect(begun).toEqual([0, 1, 2]);
    await end();
    expect(begun).toEqual([0, 1, 2, 3]);
    limit = 3;
    await end();
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    await end();
    await end();
    await all;
  });

  it('can be entered and left by hand, with the same limit', async () => {
    const gate = new Gate(() => 1);
    expect(gate.enter()).toBeUndefined();
    let isIn = false;
    const second = gate.enter()?.then(() => (isIn = true));
    await settle();
    expect(isIn).toBe(false);
    gate.leave();
    await second;
    expect(isIn).toBe(true);
  });

  it('rests between two while it is sparing, and does not make whoever has left wait for that', async () => {
    jest.useFakeTimers();
    try {
      const gate = new Gate(
        () => 1,
        () => true,
      );
      const work = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
      const first = gate.run(work);
      let hasBegun = false;
      const second = gate.run(async () => {
        hasBegun = true;
      });
      await jest.advanceTimersByTimeAsync(20);
      await first;
      await jest.advanceTimersByTimeAsync(39);
      expect(hasBegun).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(hasBegun).toBe(true);
      await second;
    } finally {
      jest.useRealTimers();
    }
  });
});
