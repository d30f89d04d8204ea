import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstIdAt, newId, timeOfId } from '#libs/crypto';
import { ensurePartitions, partitionedTables, weekPartition } from './partitions.js';

const weekMs = 7 * 24 * 3_600_000;
const moments = fc.date({ min: new Date('1971-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
const run = { seed: 1, numRuns: 500 };

describe('the partition of a week', () => {
  it.each([
    ['2026-08-03T00:00:00.000Z', 'emails_p20260803'],
    ['2026-08-05T12:00:00.000Z', 'emails_p20260803'],
    ['2026-08-09T23:59:59.999Z', 'emails_p20260803'],
    ['2026-08-10T00:00:00.000Z', 'emails_p20260810'],
    ['2027-01-01T00:00:00.000Z', 'emails_p20261228'],
    ['2028-02-29T00:00:00.000Z', 'emails_p20280228'],
  ])('of %s is %s', (at, name) => {
    expect(weekPartition('emails', new Date(at)).name).toBe(name);
  });

  it('begins on a Monday at midnight UTC and lasts seven days', () => {
    fc.assert(
      fc.property(moments, (at) => {
        const { fromId, toId } = weekPartition('emails', at);
        const [from, to] = [timeOfId(fromId), timeOfId(toId)];
        expect(from.getUTCDay()).toBe(1);
        expect(from.getTime() % 86_400_000).toBe(0);
        expect(to.getTime() - from.getTime()).toBe(weekMs);
        expect(from.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(at.getTime()).toBeLessThan(to.getTime());
      }),
      run,
    );
  });

  it('ends where the next one begins', () => {
    fc.assert(
      fc.property(moments, (at) => {
        const [one, next] = [
          weekPartition('events', at),
          weekPartition('events', new Date(at.getTime() + weekMs)),
        ];
        expect(next.fromId).toBe(one.toId);
        expect(next.name).not.toBe(one.name);
      }),
      run,
    );
  });

  it('holds every id made in it', () => {
    fc.assert(
      fc.property(moments, (at) => {
        const { fromId, toId } = weekPartition('emails', at);
        const id = firstIdAt(at).replace(/0000-0000-000000000000$/, '7fff-bfff-ffffffffffff');
        expect(fromId <= firstIdAt(at)).toBe(true);
        expect(id < toId).toBe(true);
      }),
      run,
    );
  });

  it('of now holds an id of now', () => {
    const id = newId();
    const { fromId, toId } = weekPartition('emails', timeOfId(id));
    expect(fromId <= id && id < toId).toBe(true);
  });
});

describe('ensurePartitions', () => {
  it.each([
    [undefined, 7],
    [0, 2],
    [10, 12],
  ])(
    'with %s weeks ahead makes %d weeks of every table without a gap, from last week on',
    async (weeksAhead, weeks) => {
      const statements: string[] = [];
      const now = new Date('2026-08-05T12:00:00Z');
      await ensurePartitions(
        (sql) => Promise.resolve(void statements.push(sql)),
        now,
        ...(weeksAhead === undefined ? [] : [weeksAhead]),
      );
      expect(statements).toHaveLength(weeks * partitionedTables.length);
      for (const table of partitionedTables) {
        const bounds = statements
          .filter((sql) => sql.includes(`PARTITION OF "${table}"`))
          .map((sql) => /"(\w+)" PARTITION OF .+ FROM \('([^']+)'\) TO \('([^']+)'\)$/.exec(sql) ?? []);
        expect(bounds).toHaveLength(weeks);
        expect(bounds[0]?.[1]).toBe(`${table}_p20260727`);
        for (const [index, bound] of bounds.entries())
          if (index > 0) expect(bound[2]).toBe(bounds[index - 1]?.[3]);
      }
      expect(statements.every((sql) => sql.startsWith('CREATE TABLE IF NOT EXISTS'))).toBe(true);
    },
  );
});
