import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { UnrecoverableError, type Job, type Processor, type Worker } from 'bullmq';
import { AppError, errorKinds, type ErrorKind } from '#libs/errors';
import { createLogger } from '#libs/telemetry';
import type { QueueBackend } from './backend.js';
import { JobConsumer, type JobHandlers } from './job-consumer.js';

const connectionId = '0190b2d4-7a3c-7def-8123-456789abcdef';

interface FakeWorker {
  processor: Processor;
  emitter: EventEmitter;
  concurrency: number | undefined;
  isClosed: boolean;
}

let workers: Map<string, FakeWorker>;
let calls: [name: string, data: unknown][];
let handle: (stopping: AbortSignal) => Promise<void>;
let logged: Record<string, unknown>[];
let consumer: JobConsumer;

const backend: QueueBackend = {
  kind: 'postgres',
  queue: () => {
    throw new Error('a consumer has no queue');
  },
  worker: (name, processor, options) => {
    const emitter = new EventEmitter();
    const worker: FakeWorker = { processor, emitter, concurrency: options.concurrency, isClosed: false };
    workers.set(name, worker);
    return Object.assign(emitter, {
      waitUntilReady: () => Promise.resolve(),
      close: () => Promise.resolve(void (worker.isClosed = true)),
    }) as unknown as Worker;
  },
  close: () => Promise.resolve(),
};

const called = (name: string) => (data: unknown, stopping: AbortSignal) => {
  calls.push([name, data]);
  return handle(stopping);
};
const handlers: JobHandlers = {
  'lane.drain': called('lane.drain'),
  'session.refresh': called('session.refresh'),
  'connection.check': called('connection.check'),
  'metrics.compact': called('metrics.compact'),
  'maintenance.run': called('maintenance.run'),
  'events.fold': called('events.fold'),
  'feedback.follow': called('feedback.follow'),
  'feedback.pull': called('feedback.pull'),
  'suppressions.sync': called('suppressions.sync'),
  'domain.follow': called('domain.follow'),
  'webhook.deliver': called('webhook.deliver'),
};

beforeEach(() => {
  workers = new Map();
  calls = [];
  logged = [];
  handle = () => Promise.resolve();
  consumer = new JobConsumer(
    backend,
    handlers,
    { lanes: 100, sessions: 10, checks: 5, maintenance: 1, webhooks: 5, events: 5, feedback: 5 },
    createLogger('debug', 'test', (line) => logged.push(JSON.parse(line) as Record<string, unknown>)),
  );
});

async function run(queue: string, name: string, data: unknown): Promise<void> {
  await workers.get(queue)?.processor({ name, data } as Job);
}

async function failureOf(running: Promise<void>): Promise<unknown> {
  return running.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('a job', () => {
  it.each([
    ['lanes', 'lane.drain', { connectionId }],
    ['sessions', 'session.refresh', { connectionId, purpose: 'send' }],
    ['checks', 'connection.check', { connectionId }],
    ['maintenance', 'maintenance.run', {}],
  ])('of the queue %s goes to the handler of %s', async (queue, name, data) => {
    await run(queue, name, data);
    expect(calls).toEqual([[name, data]]);
  });

  it.each([
    ['is unknown', 'email.send', { connectionId }],
    ['carries no UUID', 'lane.drain', { connectionId: 'x' }],
    ['carries nothing', 'lane.drain', undefined],
    ['carries more than ids', 'lane.drain', { connectionId, html: '<p>' }],
    ['carries an unknown purpose', 'session.refresh', { connectionId, purpose: 'all' }],
  ])('that %s is given up and handled by nobody', async (_, name, data) => {
    expect(await failureOf(run('lanes', name, data))).toBeInstanceOf(UnrecoverableError);
    expect(calls).toEqual([]);
  });
});

describe('an error of a handler', () => {
  const retried: readonly ErrorKind[] = [
    'idempotency_in_progress',
    'rate_limited',
    'unavailable',
    'internal',
  ];

  it.each(errorKinds.map((kind) => [kind, retried.includes(kind) ? 'tried again' : 'given up'] as const))(
    'of the kind %s is %s',
    async (kind, expected) => {
      const thrown = new AppError({ code: 'lane.broken', kind, message: 'It is broken.' });
      handle = () => Promise.reject(thrown);
      const failure = await failureOf(run('lanes', 'lane.drain', { connectionId }));
      if (expected === 'tried again') expect(failure).toBe(thrown);
      else {
        expect(failure).toBeInstanceOf(UnrecoverableError);
        expect(failure).toMatchObject({ message: 'lane.broken: It is broken.' });
      }
    },
  );

  it('that nobody foresaw is tried again', async () => {
    const thrown = new Error('what?');
    handle = () => Promise.reject(thrown);
    expect(await failureOf(run('lanes', 'lane.drain', { connectionId }))).toBe(thrown);
  });

  it('is logged once with the job’s name and ids', () => {
    workers
      .get('lanes')
      ?.emitter.emit('failed', { name: 'lane.drain', data: { connectionId } }, new Error('what?'));
    expect(logged).toEqual([
      expect.objectContaining({
        event: 'job.failed',
        level: 'warn',
        job: 'lane.drain',
        data: { connectionId },
        error: expect.objectContaining({ message: 'what?' }),
      }),
    ]);
  });

  it('of a job that has vanished is logged too', () => {
    workers.get('lanes')?.emitter.emit('failed', undefined, new Error('stalled'));
    expect(logged).toEqual([expect.objectContaining({ event: 'job.failed' })]);
  });
});

describe('the consumer', () => {
  it('has one worker for each queue, as concurrent as it was told', async () => {
    await consumer.ready();
    expect([...workers].map(([name, { concurrency }]) => [name, concurrency])).toEqual([
      ['lanes', 100],
      ['sessions', 10],
      ['checks', 5],
      ['maintenance', 1],
      ['webhooks', 5],
      ['events', 5],
      ['feedback', 5],
    ]);
  });

  it('logs errors of a worker instead of ending the process', () => {
    workers.get('checks')?.emitter.emit('error', new Error('connection lost'));
    expect(logged).toEqual([expect.objectContaining({ event: 'queue.error', queue: 'checks' })]);
  });

  it('tells running handlers when it closes, and closes every worker', async () => {
    let signal: AbortSignal | undefined;
    let finish: () => void = () => undefined;
    handle = (stopping) => {
      signal = stopping;
      return new Promise((resolve) => (finish = resolve));
    };
    const running = run('lanes', 'lane.drain', { connectionId });
    expect(signal?.aborted).toBe(false);
    await consumer.close();
    expect(signal?.aborted).toBe(true);
    expect([...workers.values()].every(({ isClosed }) => isClosed)).toBe(true);
    finish();
    await expect(running).resolves.toBeUndefined();
  });
});
