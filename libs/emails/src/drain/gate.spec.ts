import { describe, expect, it } from '@jest/globals';
import { Gate } from './gate.js';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('Gate', () => {
  it('lets so many in at a time, in the order of their coming', async () => {
    const gate = new Gate(2);
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
    const gate = new Gate(1);
    const failed = gate.run(() => Promise.reject(new Error('broken')));
    const next = gate.run(() => Promise.resolve('fine'));
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
    await expect(gate.run(() => Promise.resolve('again'))).resolves.toBe('again');
  });
});
