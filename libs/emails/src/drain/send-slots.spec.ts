import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SendSlots } from './send-slots.js';

/** Slots with a book of who has one; a place is in the book as soon as its promise has resolved. */
function booked(total: number, perLane: number) {
  const slots = new SendSlots(total, perLane);
  const held: string[] = [];
  const granted: string[] = [];
  const waiting = new Map<string, number>();
  const count = (lane: string) => held.filter((one) => one === lane).length;
  return {
    held,
    granted,
    waiting,
    count,
    setTotal: (next: number) => slots.setTotal(next),
    acquire(lane: string, weight?: number): void {
      waiting.set(lane, (waiting.get(lane) ?? 0) + 1);
      void slots.acquire(lane, weight).then(() => {
        waiting.set(lane, (waiting.get(lane) ?? 0) - 1);
        held.push(lane);
        granted.push(lane);
      });
    },
    async release(lane: string): Promise<void> {
      held.splice(held.indexOf(lane), 1);
      slots.release(lane);
      await settle();
    },
  };
}

/** Lets every promise that can resolve do so. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const times = (count: number, act: () => void) => Array.from({ length: count }).forEach(act);

describe('SendSlots', () => {
  it('gives places at once while there are any', async () => {
    const book = booked(3, 2);
    for (const lane of ['a', 'a', 'b']) book.acquire(lane);
    await settle();
    expect(book.granted).toEqual(['a', 'a', 'b']);
  });

  it('holds a lane to its own bound and lets others by', async () => {
    const book = booked(10, 2);
    times(5, () => book.acquire('a'));
    book.acquire('b');
    await settle();
    expect(book.granted).toEqual(['a', 'a', 'b']);
    await book.release('a');
    expect(book.count('a')).toBe(2);
    await book.release('b');
    expect(book.count('a')).toBe(2);
  });

  it('holds the process to its bound', async () => {
    const book = booked(2, 2);
    for (const lane of ['a', 'b', 'c', 'd']) book.acquire(lane);
    await settle();
    expect(book.granted).toEqual(['a', 'b']);
    await book.release('b');
    expect(book.granted).toEqual(['a', 'b', 'c']);
  });

  it('gives places within a lane in the order in which they were asked for', async () => {
    const slots = new SendSlots(1, 1);
    const order: number[] = [];
    await slots.acquire('a');
    for (const number of [1, 2, 3]) void slots.acquire('a').then(() => order.push(number));
    for (let round = 0; round < 3; round++) {
      slots.release('a');
      await settle();
    }
    expect(order).toEqual([1, 2, 3]);
  });

  it('does not let a lane with 1 000 waiters hold up another lane’s single mail', async () => {
    const book = booked(4, 4);
    times(1_000, () => book.acquire('big'));
    await settle();
    book.acquire('single');
    await settle();
    let releases = 0;
    while (!book.granted.includes('single')) {
      await book.release('big');
      releases += 1;
    }
    expect(releases).toBeLessThanOrEqual(2);
  });

  it('does so again and again: each newcomer has its turn within one rotation', async () => {
    const book = booked(3, 3);
    for (const lane of ['big1', 'big2']) times(500, () => book.acquire(lane));
    await settle();
    for (let round = 0; round < 50; round++) {
      const lane = `single${round}`;
      book.acquire(lane);
      await settle();
      let releases = 0;
      while (!book.granted.includes(lane)) {
        await book.release(book.held[0] ?? '');
        releases += 1;
      }
      expect(releases).toBeLessThanOrEqual(3);
      await book.release(lane);
    }
  });

  it('shares freed places evenly between lanes that all wait', async () => {
    const book = booked(6, 6);
    for (const lane of ['a', 'b', 'c']) times(200, () => book.acquire(lane));
    await settle();
    for (let round = 0; round < 300; round++) await book.release(book.held[0] ?? '');
    const last = book.granted.slice(-300);
    for (const lane of ['a', 'b', 'c']) expect(last.filter((one) => one === lane)).toHaveLength(100);
  });

  it('gives a lane of weight 3 three places for every one of a lane of weight 1', async () => {
    const book = booked(4, 4);
    times(400, () => book.acquire('heavy', 3));
    times(400, () => book.acquire('light', 1));
    await settle();
    for (let round = 0; round < 400; round++) await book.release(book.held[0] ?? '');
    const last = book.granted.slice(-400);
    expect(last.filter((lane) => lane === 'heavy')).toHaveLength(300);
    expect(last.filter((lane) => lane === 'light')).toHaveLength(100);
  });

  it('forgets lanes that have left', async () => {
    const book = booked(1, 1);
    for (let round = 0; round < 100; round++) {
      book.acquire(`lane${round}`);
      await settle();
      expect(book.held).toEqual([`lane${round}`]);
      await book.release(`lane${round}`);
    }
    expect(book.granted).toHaveLength(100);
  });

  it('follows a bound that is lowered and raised: calls in flight end by themselves, waiting ones go when there is room', async () => {
    const book = booked(4, 4);
    times(8, () => book.acquire('a'));
    await settle();
    expect(book.held).toHaveLength(4);
    book.setTotal(2);
    await book.release('a');
    await book.release('a');
    expect(book.held).toHaveLength(2);
    await book.release('a');
    expect(book.held).toHaveLength(2);
    book.setTotal(4);
    await settle();
    expect(book.held).toHaveLength(4);
  });

  it('says whether the bound was reached since it was last asked', async () => {
    const book = booked(2, 2);
    expect(book.setTotal(2)).toBe(false);
    times(2, () => book.acquire('a'));
    await settle();
    await book.release('a');
    await book.release('a');
    expect(book.setTotal(2)).toBe(true);
    expect(book.setTotal(2)).toBe(false);
    times(2, () => book.acquire('a'));
    await settle();
    expect(book.setTotal(2)).toBe(true);
    expect(book.setTotal(2)).toBe(true);
  });

  it('does not call a raised bound reached because the lower one was', async () => {
    const book = booked(2, 10);
    times(2, () => book.acquire('a'));
    await settle();
    expect(book.setTotal(10)).toBe(true);
    expect(book.setTotal(10)).toBe(false);
  });

  it('never exceeds a bound, never leaves a place empty that somebody could take, and serves everybody in the end', async () => {
    const lanes = ['a', 'b', 'c', 'd'];
    const steps = fc.array(
      fc.oneof(
        fc.record({
          act: fc.constant('acquire' as const),
          lane: fc.constantFrom(...lanes),
          weight: fc.integer({ min: 1, max: 3 }),
        }),
        fc.record({ act: fc.constant('release' as const), which: fc.nat(20) }),
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (plan, total, perLane) => {
          const book = booked(total, perLane);
          const check = () => {
            expect(book.held.length).toBeLessThanOrEqual(total);
            for (const lane of lanes) expect(book.count(lane)).toBeLessThanOrEqual(perLane);
            if (book.held.length === total) return;
            for (const lane of lanes)
              if (book.count(lane) < perLane) expect(book.waiting.get(lane) ?? 0).toBe(0);
          };
          for (const step of plan) {
            if (step.act === 'acquire') book.acquire(step.lane, step.weight);
            else if (book.held.length > 0) await book.release(book.held[step.which % book.held.length] ?? '');
            await settle();
            check();
          }
          while (book.held.length > 0) {
            await book.release(book.held[0] ?? '');
            check();
          }
          expect(book.granted).toHaveLength(plan.filter(({ act }) => act === 'acquire').length);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  }, 30_000);
});
