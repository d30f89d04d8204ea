import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Queue } from 'bullmq';
import { createLogger } from '#libs/telemetry';
import type { QueueBackend } from './backend.js';
import { JobProducer } from './job-producer.js';

interface Add {
  queue: string;
  name: string;
  data: unknown;
  options: Record<string, unknown>;
  done: () => void;
  fail: (error: Error) => void;
}

/** Queues whose adds end when the test says so. */
function fakeBackend() {
  const adds: Add[] = [];
  const queues = new Map<string, EventEmitter>();
  const closed: string[] = [];
  const made: Record<string, unknown>[] = [];
  const backend: QueueBackend = {
    kind: 'postgres',
    queue: (name, options) => {
      made.push({ name, ...options });
      const queue = Object.assign(new EventEmitter(), {
        add: (jobName: string, data: unknown, addOptions: Record<string, unknown>) =>
          new Promise<void>((done, fail) =>
            adds.push({ queue: name, name: jobName, data, options: addOptions, done, fail }),
          ),
        getJobCounts: (...types: string[]) =>
          Promise.resolve(Object.fromEntries(types.map((type, index) => [type, index + 1]))),
        close: () => Promise.resolve(void closed.push(name)),
      });
      queues.set(name, queue);
      return queue as unknown as Queue;
    },
    worker: () => {
      throw new Error('a producer has no worker');
    },
    close: () => Promise.resolve(),
  };
  return { backend, adds, queues, closed, made };
}

const connectionId = '0190b2d4-7a3c-7def-8123-456789abcdef';
const other = '0190b2d4-7a3c-7def-8123-456789abcde0';
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let fake: ReturnType<typeof fakeBackend>;
let logged: Record<string, unknown>[];
let producer: JobProducer;

beforeEach(() => {
  fake = fakeBackend();
  logged = [];
  producer = new JobProducer(
    fake.backend,
    createLogger('debug', 'test', (line) => logged.push(JSON.parse(line) as Record<string, unknown>)),
  );
});

/** How a promise stands now. */
async function stateOf(promise: Promise<void>): Promise<string> {
  let state = 'open';
  promise.then(
    () => (state = 'done'),
    () => (state = 'failed'),
  );
  await settle();
  return state;
}

describe('an add', () => {
  it('goes to the queue of the catalog with its deduplication', async () => {
    const added = producer.add('lane.drain', { connectionId });
    expect(fake.adds).toHaveLength(1);
    expect(fake.adds[0]).toMatchObject({
      queue: 'lanes',
      name: 'lane.drain',
      data: { connectionId },
      options: { attempts: 1, deduplication: { id: `lane.drain-${connectionId}`, keepLastIfActive: true } },
    });
    expect(fake.adds[0]?.options).not.toHaveProperty('backoff');
    expect(await stateOf(added)).toBe('open');
    fake.adds[0]?.done();
    await expect(added).resolves.toBeUndefined();
  });

  it('carries the attempts and the backoff of the catalog', () => {
    void producer.add('maintenance.run', {});
    expect(fake.adds[0]?.options).toMatchObject({
      attempts: 3,
      backoff: { type: 'exponential', delay: 5_000 },
    });
  });

  it('has no colon in its deduplication id, of any job', () => {
    void producer.add('lane.drain', { connectionId });
    void producer.add('session.refresh', { connectionId, purpose: 'send' });
    void producer.add('connection.check', { connectionId });
    void producer.add('maintenance.run', {});
    expect(fake.adds.map(({ queue }) => queue)).toEqual(['lanes', 'sessions', 'checks', 'maintenance']);
    for (const { options } of fake.adds)
      expect((options['deduplication'] as { id: string }).id).not.toContain(':');
  });

  it('leaves no finished job behind', () => {
    for (const made of fake.made) {
      expect(made['defaultJobOptions']).toMatchObject({
        removeOnComplete: true,
        removeOnFail: { count: 500 },
      });
    }
  });

  it('rejects when the queue is away', async () => {
    const added = producer.add('lane.drain', { connectionId });
    fake.adds[0]?.fail(new Error('away'));
    await expect(added).rejects.toThrow('away');
  });
});

describe('many adds of one job', () => {
  it('while one is on its way become exactly one more after it', async () => {
    const first = producer.add('lane.drain', { connectionId });
    const rest = Array.from({ length: 1_000 }, () => producer.add('lane.drain', { connectionId }));
    await settle();
    expect(fake.adds).toHaveLength(1);
    fake.adds[0]?.done();
    await first;
    await settle();
    expect(fake.adds).toHaveLength(2);
    // A wake-up counts only when the add that covers it, which began after it, has ended.
    expect(await stateOf(Promise.all(rest).then(() => undefined))).toBe('open');
    fake.adds[1]?.done();
    await expect(Promise.all(rest)).resolves.toHaveLength(1_000);
    await settle();
    expect(fake.adds).toHaveLength(2);
  });

  it('that come while the second is on its way become a third', async () => {
    const added = [
      producer.add('lane.drain', { connectionId }),
      producer.add('lane.drain', { connectionId }),
    ];
    fake.adds[0]?.done();
    await settle();
    added.push(producer.add('lane.drain', { connectionId }), producer.add('lane.drain', { connectionId }));
    await settle();
    expect(fake.adds).toHaveLength(2);
    fake.adds[1]?.done();
    await settle();
    expect(fake.adds).toHaveLength(3);
    fake.adds[2]?.done();
    await expect(Promise.all(added)).resolves.toHaveLength(4);
  });

  it('are sent again after the first has failed', async () => {
    const first = producer.add('lane.drain', { connectionId });
    const second = producer.add('lane.drain', { connectionId });
    fake.adds[0]?.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settle();
    expect(fake.adds).toHaveLength(2);
    fake.adds[1]?.done();
    await expect(second).resolves.toBeUndefined();
  });

  it('all hear of a failure of the one that covers them', async () => {
    const first = producer.add('lane.drain', { connectionId });
    const rest = [1, 2, 3].map(() => producer.add('lane.drain', { connectionId }));
    fake.adds[0]?.done();
    await first;
    await settle();
    fake.adds[1]?.fail(new Error('away'));
    const outcomes = await Promise.allSettled(rest);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('one after the other are each sent', async () => {
    for (let count = 1; count <= 3; count++) {
      const added = producer.add('lane.drain', { connectionId });
      fake.adds.at(-1)?.done();
      await added;
      expect(fake.adds).toHaveLength(count);
    }
  });

  it('of other lanes, purposes or kinds do not wait for each other', () => {
    void producer.add('lane.drain', { connectionId });
    void producer.add('lane.drain', { connectionId: other });
    void producer.add('connection.check', { connectionId });
    void producer.add('session.refresh', { connectionId, purpose: 'send' });
    void producer.add('session.refresh', { connectionId, purpose: 'events' });
    expect(fake.adds).toHaveLength(5);
  });
});

describe('the producer', () => {
  it('counts what waits, is active or delayed', async () => {
    await expect(producer.depth('lanes')).resolves.toBe(6);
    await expect(producer.ping()).resolves.toBeUndefined();
  });

  it('logs errors of a queue instead of ending the process', () => {
    fake.queues.get('lanes')?.emit('error', new Error('connection lost'));
    expect(logged).toEqual([
      expect.objectContaining({
        event: 'queue.error',
        level: 'warn',
        queue: 'lanes',
        error: expect.objectContaining({ message: 'connection lost' }),
      }),
    ]);
  });

  it('closes every queue', async () => {
    await producer.close();
    expect(fake.closed.sort()).toEqual([
      'checks',
      'events',
      'feedback',
      'lanes',
      'maintenance',
      'sessions',
      'webhooks',
    ]);
  });
});
