import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Config } from '#libs/config';
import { createLogger, Metrics } from '#libs/telemetry';
import { RequestLog } from './request-log.js';
import type { RequestEntry } from './request-entry.js';

const away = () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
const entry = (fields: Partial<RequestEntry> = {}) => ({
  projectId: 'p',
  apiKeyId: 'k',
  method: 'POST',
  endpoint: '/emails',
  responseStatus: 200,
  userAgent: undefined,
  requestBody: { a: 1 },
  responseBody: '{"id":"x"}',
  ...fields,
});

describe('the request log', () => {
  const stored: RequestEntry[][] = [];
  let insert: (entries: readonly RequestEntry[]) => Promise<void>;
  let metrics: Metrics;

  beforeEach(() => {
    jest.useFakeTimers();
    stored.length = 0;
    insert = (entries) => Promise.resolve(void stored.push([...entries]));
    metrics = new Metrics('test', false);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const make = (requests: Config['logs']['requests'] = 'all') =>
    new RequestLog(
      { logs: { requests } },
      { insert: (entries) => insert(entries) },
      createLogger('silent', 'test'),
      metrics,
    );
  const dropped = async (): Promise<number> =>
    Number(/sesame_request_logs_dropped_total\S* (\d+)/.exec(await metrics.text())?.[1]);
  const endpoints = () => stored.map((batch) => batch.map(({ endpoint }) => endpoint));

  it('stores what has come in after a quarter of a second, together', async () => {
    const log = make();
    log.add(entry({ endpoint: '/1' }), 10);
    log.add(entry({ endpoint: '/2' }), 10);
    await jest.advanceTimersByTimeAsync(249);
    expect(stored).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(endpoints()).toEqual([['/1', '/2']]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(stored).toHaveLength(1);
    log.add(entry({ endpoint: '/3' }), 10);
    await jest.advanceTimersByTimeAsync(250);
    expect(endpoints()[1]).toEqual(['/3']);
  });

  it('does not wait when 500 have come in', async () => {
    const log = make();
    for (let index = 0; index < 1_200; index++) log.add(entry(), 10);
    await jest.advanceTimersByTimeAsync(0);
    expect(stored.map(({ length }) => length)).toEqual([500, 500, 200]);
  });

  it.each([
    ['all', 3],
    ['errors', 2],
    ['off', 0],
  ] as const)('of %s keeps %d of a success and two errors', async (mode, count) => {
    const log = make(mode);
    for (const responseStatus of [200, 422, 500]) log.add(entry({ responseStatus }), 10);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stored.flat()).toHaveLength(count);
  });

  it('redacts a large body at once and does not hold it', async () => {
    const log = make();
    log.add(entry({ requestBody: { html: 'x'.repeat(20_000) } }), 20_100);
    log.add(entry({ requestBody: { html: 'small' } }), 100);
    await log.onApplicationShutdown();
    expect(stored.flat().map(({ requestBody, redactedRequest }) => [requestBody, redactedRequest])).toEqual([
      [undefined, '{"html":"[20000 characters]"}'],
      [{ html: 'small' }, undefined],
    ]);
  });

  it('keeps what it has while the database is away, in order, and stores it when it is back', async () => {
    const log = make();
    insert = () => Promise.reject(away());
    log.add(entry({ endpoint: '/1' }), 10);
    await jest.advanceTimersByTimeAsync(3_000);
    log.add(entry({ endpoint: '/2' }), 10);
    insert = (entries) => Promise.resolve(void stored.push([...entries]));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(endpoints()).toEqual([['/1', '/2']]);
    expect(await dropped()).toBe(0);
  });

  it('goes on storing after a statement that took longer than the pause', async () => {
    const log = make();
    let release: () => void = () => undefined;
    insert = (entries) => {
      stored.push([...entries]);
      return new Promise((resolve) => (release = resolve));
    };
    log.add(entry({ endpoint: '/1' }), 10);
    await jest.advanceTimersByTimeAsync(250);
    log.add(entry({ endpoint: '/2' }), 10);
    await jest.advanceTimersByTimeAsync(1_000);
    release();
    await jest.advanceTimersByTimeAsync(0);
    release();
    await jest.advanceTimersByTimeAsync(0);
    log.add(entry({ endpoint: '/3' }), 10);
    await jest.advanceTimersByTimeAsync(250);
    expect(endpoints()).toEqual([['/1'], ['/2'], ['/3']]);
  });

  it('tries once a second while the database is away, however much comes in', async () => {
    const log = make();
    let attempts = 0;
    insert = () => {
      attempts += 1;
      return Promise.reject(away());
    };
    for (let step = 0; step < 300; step++) {
      for (let index = 0; index < 10; index++) log.add(entry(), 10);
      await jest.advanceTimersByTimeAsync(10);
    }
    expect(attempts).toBeLessThanOrEqual(4);
  });

  it('drops the oldest beyond 10 000 and counts them', async () => {
    const log = make();
    insert = () => Promise.reject(away());
    for (let index = 0; index < 10_050; index++) log.add(entry({ endpoint: `/${index}` }), 10);
    await jest.advanceTimersByTimeAsync(0);
    insert = (entries) => Promise.resolve(void stored.push([...entries]));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stored.flat()).toHaveLength(10_000);
    expect(endpoints()[0]?.[0]).toBe('/50');
    expect(await dropped()).toBe(50);
  });

  it('drops the oldest beyond 16 MB', async () => {
    const log = make();
    insert = () => Promise.reject(away());
    const responseBody = 'x'.repeat(16_000);
    for (let index = 0; index < 2_000; index++) log.add(entry({ endpoint: `/${index}`, responseBody }), 10);
    await jest.advanceTimersByTimeAsync(0);
    const count = await dropped();
    expect(count).toBeGreaterThan(900);
    insert = (entries) => Promise.resolve(void stored.push([...entries]));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(stored.flat()).toHaveLength(2_000 - count);
    expect(stored.flat().at(-1)?.endpoint).toBe('/1999');
  });

  it('drops what the database does not take, and goes on', async () => {
    const log = make();
    insert = () => Promise.reject(new Error('no partition'));
    log.add(entry({ endpoint: '/bad' }), 10);
    await jest.advanceTimersByTimeAsync(250);
    insert = (entries) => Promise.resolve(void stored.push([...entries]));
    log.add(entry({ endpoint: '/good' }), 10);
    await jest.advanceTimersByTimeAsync(250);
    expect(endpoints()).toEqual([['/good']]);
    expect(await dropped()).toBe(1);
  });

  it('stores the last ones when the process ends, also those that come while it stores', async () => {
    const log = make();
    let release: () => void = () => undefined;
    insert = (entries) => {
      stored.push([...entries]);
      return new Promise((resolve) => (release = resolve));
    };
    log.add(entry({ endpoint: '/1' }), 10);
    await jest.advanceTimersByTimeAsync(250);
    log.add(entry({ endpoint: '/2' }), 10);
    const ended = log.onApplicationShutdown();
    release();
    await jest.advanceTimersByTimeAsync(0);
    release();
    await ended;
    expect(endpoints()).toEqual([['/1'], ['/2']]);
  });
});
