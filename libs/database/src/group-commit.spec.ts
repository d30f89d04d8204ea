import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GroupCommit } from './group-commit.js';

interface Running {
  items: readonly string[];
  finish: () => void;
  fail: (error: Error) => void;
}

/** A store whose transactions end when the test says so; each item's result is its name in capitals. */
function controlled(parallel = 1, maxWeight = 100) {
  const running: Running[] = [];
  const batches: (readonly string[])[] = [];
  let most = 0;
  const commits = new GroupCommit<string, string>(
    (items) => {
      batches.push(items);
      return new Promise((resolve, reject) => {
        const end = (act: () => void) => () => {
          running.splice(running.indexOf(one), 1);
          act();
        };
        const one: Running = {
          items,
          finish: end(() => resolve(items.map((item) => item.toUpperCase()))),
          fail: (error) => end(() => reject(error))(),
        };
        running.push(one);
        most = Math.max(most, running.length);
      });
    },
    { parallel, maxWeight },
  );
  return { commits, running, batches, most: () => most };
}

/** One turn of the event loop: everything that can go on without the store has gone on. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  it('commits a single request at once', async () => {
    const { commits, running, batches } = controlled();
    const result = commits.add('a', 1);
    await turn();
    expect(batches).toEqual([['a']]);
    running[0]?.finish();
    await expect(result).resolves.toBe('A');
  });

  it('commits requests of one turn together, each with its own result', async () => {
    const { commits, running, batches } = controlled();
    const results = ['a', 'b', 'c'].map((item) => commits.add(item, 1));
    await turn();
    expect(batches).toEqual([['a', 'b', 'c']]);
    running[0]?.finish();
    await expect(Promise.all(results)).resolves.toEqual(['A', 'B', 'C']);
  });

  it('gathers what arrives while a transaction runs into the next one, in the order of arrival', async () => {
    const { commits, running, batches } = controlled();
    const results = [commits.add('a', 1)];
    await turn();
    for (const item of ['b', 'c']) {
      results.push(commits.add(item, 1));
      await turn();
    }
    expect(batches).toEqual([['a']]);
    running[0]?.finish();
    await turn();
    expect(batches).toEqual([['a'], ['b', 'c']]);
    running[0]?.finish();
    await expect(Promise.all(results)).resolves.toEqual(['A', 'B', 'C']);
  });

  it('does not answer before the transaction has ended', async () => {
    const { commits, running } = controlled();
    let isAnswered = false;
    const result = commits.add('a', 1).then(() => (isAnswered = true));
    await turn();
    await turn();
    expect(isAnswered).toBe(false);
    running[0]?.finish();
    await result;
    expect(isAnswered).toBe(true);
  });

  it('runs as many transactions side by side as it may', async () => {
    const { commits, running, batches } = controlled(2);
    const results: Promise<string>[] = [];
    for (const item of ['a', 'b', 'c', 'd']) {
      results.push(commits.add(item, 1));
      await turn();
    }
    expect(batches).toEqual([['a'], ['b']]);
    running[1]?.finish();
    await turn();
    expect(batches).toEqual([['a'], ['b'], ['c', 'd']]);
    while (running.length > 0) {
      running[0]?.finish();
      await turn();
    }
    await expect(Promise.all(results)).resolves.toEqual(['A', 'B', 'C', 'D']);
  });

  it.each([
    ['up to the weight it may have', [40, 60, 1], [['0', '1'], ['2']]],
    ['a heavier one alone', [500, 1], [['0'], ['1']]],
    ['what is before a heavy one without it', [1, 500, 1], [['0'], ['1'], ['2']]],
    ['without overtaking', [90, 20, 5], [['0'], ['1', '2']]],
  ])('takes %s', async (_, weights, expected) => {
    const { commits, running, batches } = controlled();
    const results = weights.map((weight, index) => commits.add(String(index), weight));
    await turn();
    while (running.length > 0) {
      running[0]?.finish();
      await turn();
    }
    expect(batches).toEqual(expected);
    await expect(Promise.all(results)).resolves.toEqual(weights.map((_weight, index) => String(index)));
  });

  it('rejects the one request that the store refuses', async () => {
    const { commits, running } = controlled();
    const result = commits.add('a', 1);
    await turn();
    running[0]?.fail(new Error('refused'));
    await expect(result).rejects.toThrow('refused');
  });

  it('does not let one bad item take its neighbours with it', async () => {
    const attempts: (readonly string[])[] = [];
    const commits = new GroupCommit<string, string>(
      (items) => {
        attempts.push(items);
        return items.includes('bad')
          ? Promise.reject(new Error('refused'))
          : Promise.resolve(items.map((item) => item.toUpperCase()));
      },
      { parallel: 1, maxWeight: 100 },
    );
    const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((item) => commits.add(item, 1)));
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: 'A' },
      { status: 'rejected', reason: new Error('refused') },
      { status: 'fulfilled', value: 'C' },
    ]);
    expect(attempts[0]).toEqual(['a', 'bad', 'c']);
  });

  it('goes on after a failure', async () => {
    let isAway = true;
    const commits = new GroupCommit<string, string>(
      (items) => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([...items])),
      { parallel: 1, maxWeight: 100 },
    );
    await expect(commits.add('a', 1)).rejects.toThrow('away');
    isAway = false;
    await expect(commits.add('b', 1)).resolves.toBe('b');
  });

  it('gives every request its own result exactly once, whatever comes, fails and ends in whatever order', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({
          act: fc.constant('add' as const),
          weight: fc.integer({ min: 1, max: 60 }),
          isBad: fc.boolean(),
        }),
        fc.record({ act: fc.constant('end' as const), which: fc.nat(5) }),
      ),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (plan, parallel) => {
        const { commits, running } = controlled(parallel);
        const end = (which: number) => {
          const one = running[which % Math.max(running.length, 1)];
          if (one?.items.some((item) => item.startsWith('bad')) === true)
            one.fail(new Error(one.items.join()));
          else one?.finish();
        };
        const wanted: string[] = [];
        const results: Promise<string>[] = [];
        for (const step of plan) {
          if (step.act === 'add') {
            const item = `${step.isBad ? 'bad' : 'ok'}${wanted.length}`;
            wanted.push(item);
            results.push(commits.add(item, step.weight).catch((error: Error) => `failed ${error.message}`));
          } else end(step.which);
          await turn();
        }
        while (running.length > 0) {
          end(0);
          await turn();
        }
        expect(await Promise.all(results)).toEqual(
          wanted.map((item) => (item.startsWith('bad') ? `failed ${item}` : item.toUpperCase())),
        );
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
