import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId, type Clock } from '#libs/crypto';
import { Database } from '#libs/database';
import { freshDatabase } from '../../../test/support/stores.js';
import { CompactMetrics } from './compact/compact-metrics.js';
import { ForgetMetrics } from './compact/forget-metrics.js';
import { MAX_TAG_VALUES } from './compact/limit-tags.js';
import { SystemCompactionRepository } from './compact/system-compaction.repository.js';
import { CountDeltasRepository } from './count/count-deltas.repository.js';
import type { Delta } from './count/delta.js';
import { senderDomain, senderDomainSql } from './count/sender-domain.js';
import { MetricsRepository } from './read/metrics.repository.js';
import { ReadMetrics, type MetricsQuestion } from './read/read-metrics.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const now = new Date('2026-08-05T12:34:56Z');
const clock = { now: () => now, nowMs: () => now.getTime() } as Clock;

describe('metrics', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let repository: SystemCompactionRepository;
  let deltas: CountDeltasRepository;
  let compact: CompactMetrics;
  let read: ReadMetrics;

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 8);
    repository = new SystemCompactionRepository(database);
    deltas = new CountDeltasRepository();
    compact = new CompactMetrics(repository, clock);
    read = new ReadMetrics(new MetricsRepository(database), clock);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  }, 30_000);

  const delta = (fields: Partial<Delta>): Delta => ({
    projectId: newId(),
    connectionId: newId(),
    domain: 'example.com',
    tagName: '',
    tagValue: '',
    hour: new Date('2026-08-05T10:00:00Z'),
    metric: 'sent',
    bucket: 0,
    value: 1,
    ...fields,
  });
  const add = (...rows: Delta[]) => deltas.add(database, rows);
  const ask = (projectId: string, fields: Partial<MetricsQuestion> = {}) =>
    read.execute(projectId, {
      from: '2026-08-05',
      to: '2026-08-06',
      granularity: 'hour',
      timeZone: 'UTC',
      groupBy: undefined,
      connectionId: undefined,
      domains: undefined,
      tagName: undefined,
      tagValue: undefined,
      ...fields,
    });
  const sum = async (table: string, projectId: string): Promise<number> => {
    const { rows } = await database.query<{ sum: number }>(
      `SELECT coalesce(sum(value), 0)::bigint AS sum FROM ${table} WHERE project_id = $1`,
      [projectId],
    );
    return rows[0]?.sum ?? -1;
  };

  it('loses and doubles nothing while many count and many compact', async () => {
    const projectId = newId();
    const connectionIds = [newId(), newId()];
    let expected = 0;
    const writer = async (index: number) => {
      for (let turn = 0; turn < 40; turn++) {
        expected += 3;
        await add(
          ...[0, 1, 2].map((offset) =>
            delta({
              projectId,
              connectionId: connectionIds[turn % 2] ?? '',
              hour: new Date(now.getTime() - ((turn + offset) % 5) * HOUR_MS),
              metric: index % 2 === 0 ? 'delivered' : 'sent',
            }),
          ),
        );
      }
    };
    let isWriting = true;
    const compactor = async () => {
      while (isWriting) await compact.execute();
    };
    const compactors = [compactor(), compactor(), compactor()];
    await Promise.all([0, 1, 2, 3].map(writer));
    isWriting = false;
    await Promise.all(compactors);
    await compact.execute();
    expect(await sum('metric_deltas', projectId)).toBe(0);
    expect(await sum('metric_hours', projectId)).toBe(expected);
    expect(await sum('metric_days', projectId)).toBe(expected);
  }, 60_000);

  it('is whole again after a compaction that was cut short', async () => {
    const projectId = newId();
    await add(delta({ projectId, value: 7 }));
    const cut = new SystemCompactionRepository(database);
    cut.useTags = () => Promise.reject(new Error('cut short'));
    await expect(new CompactMetrics(cut, clock).execute()).rejects.toThrow('cut short');
    expect([await sum('metric_deltas', projectId), await sum('metric_hours', projectId)]).toEqual([7, 0]);
    await compact.execute();
    await compact.execute();
    expect([await sum('metric_deltas', projectId), await sum('metric_hours', projectId)]).toEqual([0, 7]);
  });

  it('answers the same before and after compaction, with empty buckets in between', async () => {
    const projectId = newId();
    const connectionId = newId();
    await add(
      delta({ projectId, connectionId, value: 4 }),
      delta({ projectId, connectionId, domain: 'other.example', value: 2 }),
      delta({ projectId, hour: new Date('2026-08-05T12:00:00Z'), metric: 'delivered', value: 5 }),
      delta({ projectId, hour: new Date('2026-08-04T23:00:00Z'), value: 100 }),
      delta({ projectId, metric: 'latency', bucket: 2, value: 2 }),
      delta({ projectId, metric: 'latency_ms', value: 1_500 }),
      delta({ value: 1_000 }),
    );
    const questions: Partial<MetricsQuestion>[] = [
      {},
      { connectionId },
      { domains: ['other.example'] },
      { groupBy: 'domain' },
    ];
    const before = await Promise.all(questions.map((question) => ask(projectId, question)));
    await compact.execute();
    expect(await Promise.all(questions.map((question) => ask(projectId, question)))).toEqual(before);
    const [all, byConnection, byDomain, grouped] = before;
    expect(all?.all.buckets).toHaveLength(24);
    expect(all?.all.buckets.map(({ counts }) => counts.sent)).toEqual([
      ...Array<number>(10).fill(0),
      6,
      ...Array<number>(13).fill(0),
    ]);
    expect(all?.all.totals.counts).toMatchObject({ sent: 6, delivered: 5 });
    expect(all?.all.totals.latency).toEqual({ average_ms: 750, p50_ms: 750, p95_ms: 975 });
    expect(byConnection?.all.totals.counts).toMatchObject({ sent: 6, delivered: 0 });
    expect(byDomain?.all.totals.counts.sent).toBe(2);
    expect(grouped?.groups?.map(({ key, totals }) => [key, totals.counts.sent])).toEqual([
      ['example.com', 4],
      ['other.example', 2],
    ]);
  });

  it('has days of a time zone from hours and days in UTC from days', async () => {
    const projectId = newId();
    await add(
      delta({ projectId, hour: new Date('2026-08-04T22:00:00Z'), value: 3 }),
      delta({ projectId, hour: new Date('2026-08-04T21:00:00Z'), value: 4 }),
    );
    await compact.execute();
    const days = (timeZone: string) =>
      ask(projectId, { from: '2026-08-04', to: '2026-08-06', granularity: 'day', timeZone });
    const sent = async (timeZone: string) =>
      (await days(timeZone)).all.buckets.map(({ counts }) => counts.sent);
    expect(await sent('Europe/Berlin')).toEqual([4, 3]);
    expect(await sent('UTC')).toEqual([7, 0]);
    expect(
      (await ask(projectId, { from: '2026-08-01', granularity: 'month' })).all.buckets[0]?.counts.sent,
    ).toBe(7);
  });

  it('counts a hundred values of a tag by themselves and the others together', async () => {
    const projectId = newId();
    const rows = Array.from({ length: MAX_TAG_VALUES + 20 }, (_, index) =>
      delta({ projectId, tagName: 'order', tagValue: `o${index}`, value: 1 }),
    );
    for (let start = 0; start < rows.length; start += 30) {
      await add(...rows.slice(start, start + 30));
      await compact.execute();
    }
    await add(...rows);
    await compact.execute();
    const question = { tagName: 'order', groupBy: 'tag' } as const;
    const { all, groups, hasMoreGroups } = await ask(projectId, question);
    expect(all.totals.counts.sent).toBe(2 * rows.length);
    expect(hasMoreGroups).toBe(true);
    expect(groups?.[0]).toMatchObject({ key: '', totals: { counts: { sent: 40 } } });
    expect((await ask(projectId, { tagName: 'order', tagValue: 'o7' })).all.totals.counts.sent).toBe(2);
    const { rows: stored } = await database.query<{ count: number }>(
      'SELECT count(DISTINCT tag_value)::int AS count FROM metric_hours WHERE project_id = $1',
      [projectId],
    );
    expect(stored[0]?.count).toBe(MAX_TAG_VALUES + 1);
  });

  it.each<[string, Partial<MetricsQuestion>, string]>([
    ['an empty range', { from: '2026-08-06', to: '2026-08-06' }, 'metrics.from'],
    ['too many hours', { from: '2026-06-01', to: '2026-08-01' }, 'metrics.granularity'],
    [
      'too many with groups',
      { from: '2026-07-20', to: '2026-08-05', groupBy: 'domain' },
      'metrics.granularity',
    ],
    ['hours no longer kept', { from: '2026-01-01', to: '2026-01-02' }, 'metrics.from'],
    [
      'days of a zone no longer kept',
      { from: '2026-01-01', to: '2026-01-09', granularity: 'day', timeZone: 'Asia/Tokyo' },
      'metrics.from',
    ],
    ['no such zone', { timeZone: 'Mars/Olympus' }, 'metrics.timezone'],
    ['values without a tag', { tagValue: 'x' }, 'metrics.tag'],
    ['groups without a tag', { groupBy: 'tag' }, 'metrics.tag'],
  ])('refuses %s', async (_, question, code) => {
    await expect(ask(newId(), question)).rejects.toMatchObject({ code, kind: 'invalid_parameter' });
  });

  it('keeps days for ever, hours for 90 days and those of tags for 31', async () => {
    const projectId = newId();
    const ago = (days: number) => new Date(Math.floor((now.getTime() - days * DAY_MS) / HOUR_MS) * HOUR_MS);
    for (const days of [30, 60, 100])
      await add(
        delta({ projectId, hour: ago(days) }),
        delta({ projectId, hour: ago(days), tagName: 'kind', tagValue: 'a' }),
      );
    await compact.execute();
    await new ForgetMetrics(repository, clock).execute();
    expect([await sum('metric_hours', projectId), await sum('metric_days', projectId)]).toEqual([3, 6]);
  });

  it('makes room for new values of a tag when old ones are no longer used', async () => {
    const projectId = newId();
    await add(delta({ projectId, tagName: 'kind', tagValue: 'old' }));
    await compact.execute();
    const later = new Date(now.getTime() + 91 * DAY_MS);
    await new ForgetMetrics(repository, {
      now: () => later,
      nowMs: () => later.getTime(),
    } as Clock).execute();
    const { rowCount } = await database.query('SELECT 1 FROM metric_tags WHERE project_id = $1', [projectId]);
    expect(rowCount).toBe(0);
  });

  it('finds the same domain in SQL as in the program', async () => {
    const sender = fc.oneof(
      fc.emailAddress(),
      fc.emailAddress().map((address) => `"Name, <x@y>" <${address}> `),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(
        sender.filter((text) => !text.includes('\u0000')),
        async (text) => {
          const { rows } = await database.query<{ domain: string }>(
            `SELECT ${senderDomainSql} AS domain FROM (SELECT $1::text AS sender) AS s`,
            [text],
          );
          expect(rows[0]?.domain).toBe(senderDomain(text));
        },
      ),
      { seed: 4, numRuns: 150 },
    );
  });
});
