import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Readable } from 'node:stream';
import { newId } from '#libs/crypto';
import { createLogger, Metrics } from '#libs/telemetry';
import { MAX_NAMED } from './collected.js';
import { ConnectionChanges } from './connection-changes.js';
import { liveTopic, watchTopic } from './live-event.js';
import { LiveHub } from './live-hub.js';
import { LiveNotices } from './live-notices.js';
import type { ConnectionState } from './system-live.repository.js';

/** A broadcast within this process, heard at once. */
class FakeBroadcast {
  readonly sent: { topic: string; message: string }[] = [];
  private readonly listeners = new Map<string, ((message: string) => void)[]>();
  gap: () => void = () => undefined;

  on(topic: string, listener: (message: string) => void): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }
  onGap(listener: () => void): void {
    this.gap = listener;
  }
  send(topic: string, message: string): Promise<void> {
    this.sent.push({ topic, message });
    for (const listener of this.listeners.get(topic) ?? []) listener(message);
    return Promise.resolve();
  }
}

const projectId = newId();
const logger = createLogger('silent', 'test');

describe('live updates', () => {
  let broadcast: FakeBroadcast;
  let notices: LiveNotices;
  let hub: LiveHub;
  let connections: ConnectionState[];

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    broadcast = new FakeBroadcast();
    const clock = { nowMs: () => Date.now() };
    connections = [{ id: 'c1', projectId, status: 'active' }];
    notices = new LiveNotices(broadcast, clock, logger);
    hub = new LiveHub(
      broadcast,
      { connections: () => Promise.resolve(connections) },
      clock,
      logger,
      new Metrics('test', false),
    );
  });
  afterEach(() => {
    hub.onModuleDestroy();
    notices.onModuleDestroy();
    jest.useRealTimers();
  });

  const open = async (lastEventId?: string) => {
    const stream = await hub.open(projectId, lastEventId);
    const seen = { text: '', isOver: false };
    stream.setEncoding('utf8').on('data', (chunk: string) => (seen.text += chunk));
    stream.on('end', () => (seen.isOver = true)).on('error', () => undefined);
    const events = () =>
      [...seen.text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as object);
    return { stream, seen, events };
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number) => {
    await jest.advanceTimersByTimeAsync(ms);
    await settle();
  };
  const notes = () => broadcast.sent.filter(({ topic }) => topic === liveTopic);

  it('says nothing where nobody watches', async () => {
    notices.add(projectId, [{ id: newId(), event: 'sent' }]);
    await pass(5_000);
    expect(broadcast.sent).toEqual([]);
  });

  it('begins with ready, and with reset for a client that comes back', async () => {
    const [first, second] = [await open(), await open('abc-7')];
    await settle();
    expect(first.events()).toEqual([{ type: 'ready' }]);
    expect(second.events()).toEqual([{ type: 'reset' }]);
    expect(first.seen.text).toMatch(/^retry: 3000\n\nid: \S+\nevent: ready\ndata: /);
  });

  it('makes one notice a second of a burst, which counts all and names some', async () => {
    const watcher = await open();
    const ids = Array.from({ length: 500 }, () => newId());
    for (let turn = 0; turn < 100; turn++)
      notices.add(
        projectId,
        ids.map((id) => ({ id, event: 'delivered' })),
      );
    await pass(0);
    expect(notes()).toHaveLength(1);
    notices.add(projectId, [{ id: ids[0] ?? '', event: 'opened' }]);
    await pass(900);
    expect(notes()).toHaveLength(1);
    await pass(200);
    expect(notes()).toHaveLength(2);
    expect(notes().every(({ message }) => message.length < 7_000)).toBe(true);
    expect(watcher.events().slice(1)).toEqual([
      {
        type: 'email.status',
        emails: ids.slice(0, MAX_NAMED).map((id) => ({ id, event: 'delivered' })),
        more: 50_000 - MAX_NAMED,
      },
      { type: 'metrics', counts: { delivered: 50_000 } },
      { type: 'email.status', emails: [{ id: ids[0], event: 'opened' }], more: 0 },
      { type: 'metrics', counts: { opened: 1 } },
    ]);
  });

  it('stops telling some time after the last watcher left, and goes on as long as one is there', async () => {
    const watcher = await open();
    await pass(60_000);
    notices.add(projectId, [{ id: newId(), event: 'sent' }]);
    await pass(1_000);
    expect(notes()).toHaveLength(1);
    watcher.stream.destroy();
    await pass(31_000);
    notices.add(projectId, [{ id: newId(), event: 'sent' }]);
    await pass(5_000);
    expect(notes()).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('tells nobody of another project', async () => {
    const watcher = await open();
    const other = newId();
    await broadcast.send(watchTopic, other);
    notices.add(other, [{ id: newId(), event: 'sent' }]);
    await pass(1_000);
    expect(notes()).toHaveLength(1);
    expect(watcher.events()).toEqual([{ type: 'ready' }]);
  });

  it('tells what changes with connections, from the moment on at which it was opened', async () => {
    const watcher = await open();
    connections = [
      { id: 'c1', projectId, status: 'paused' },
      { id: 'c2', projectId, status: 'awaiting_role' },
    ];
    await pass(2_000);
    await pass(4_000);
    expect(watcher.events().slice(1)).toEqual([
      { type: 'connection.status', id: 'c1', status: 'paused' },
      { type: 'connection.status', id: 'c2', status: 'awaiting_role' },
    ]);
  });

  it('beats, and ends after five minutes', async () => {
    const watcher = await open();
    await pass(11_000);
    expect(watcher.seen.text).toContain(': beat\n\n');
    await pass(5 * 60_000);
    expect(watcher.seen.isOver).toBe(true);
  });

  it('says reset when broadcasts may have been missed', async () => {
    const watcher = await open();
    broadcast.gap();
    await settle();
    expect(watcher.events().at(-1)).toEqual({ type: 'reset' });
  });

  it('bounds the streams of a project', async () => {
    const streams: Readable[] = [];
    for (let index = 0; index < 20; index++) streams.push((await open()).stream);
    await expect(hub.open(projectId, undefined)).rejects.toMatchObject({
      code: 'live.too_many_streams',
      kind: 'rate_limited',
    });
    streams[0]?.destroy();
    await settle();
    await expect(open()).resolves.toBeDefined();
  });

  it('cuts off a client that does not read', async () => {
    const stream = await hub.open(projectId, undefined);
    for (let index = 0; index < 20_000 && !stream.destroyed; index++)
      await broadcast.send(liveTopic, JSON.stringify({ projectId, emails: [], counts: { sent: 1 } }));
    expect(stream.destroyed).toBe(true);
  });

  it('passes over what it cannot read', async () => {
    const watcher = await open();
    for (const message of ['', '{}', '[]', 'not JSON']) await broadcast.send(liveTopic, message);
    await settle();
    expect(watcher.events()).toEqual([{ type: 'ready' }]);
  });

  it('ends all streams at once and opens no more when the process stops', async () => {
    const watcher = await open();
    hub.onModuleDestroy();
    await settle();
    expect(watcher.seen.isOver).toBe(true);
    await expect(hub.open(projectId, undefined)).rejects.toMatchObject({ code: 'live.closing' });
  });
});

describe('ConnectionChanges', () => {
  const state = (id: string, status: string, of = 'p1'): ConnectionState => ({ id, projectId: of, status });

  it('tells nothing of a project that is looked at for the first time', () => {
    const changes = new ConnectionChanges();
    expect(changes.see(['p1'], [state('a', 'active')])).toEqual([]);
    expect(changes.see(['p1', 'p2'], [state('a', 'active'), state('b', 'paused', 'p2')])).toEqual([]);
    expect(changes.see(['p1', 'p2'], [state('a', 'broken'), state('b', 'paused', 'p2')])).toEqual([
      state('a', 'broken'),
    ]);
  });
});
