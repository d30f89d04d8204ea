import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, SystemClock } from '#libs/crypto';
import { Database } from '#libs/database';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { QueueRepository } from './queue.repository.js';
import { ReadQueue } from './read-queue.js';

describe('the health of a queue', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let lane: LaneRows;
  let queue: ReadQueue;

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
    queue = new ReadQueue(new QueueRepository(database), new SystemClock());
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  }, 30_000);
  beforeEach(async () => {
    lane = await insertLane(database, { rate: 10, quota: 1_000 });
  });

  const insert = (status: string, { dueInMs = -1_000, attempts = 0, recipients = 1 } = {}) =>
    database.query(
      `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes, attempts, created_at)
       VALUES ($1, $2, $3, $4, 0, now() + make_interval(secs => $5::float8 / 1000), 'me@example.com', '{"to":[]}', 's', '[]', $6, 1, $7, now() - interval '1 minute')`,
      [newId(), lane.projectId, lane.connectionId, status, dueInMs, recipients, attempts],
    );
  const read = (page: { limit?: number; after?: string; isWaiting?: boolean } = {}) =>
    queue.execute(lane.projectId, { limit: 20, isWaiting: false, ...page });
  const only = async () => (await read()).data[0];

  it('counts what waits by what it waits for, and foresees its end', async () => {
    await insert('queued', { recipients: 20 });
    await insert('queued', { attempts: 1, dueInMs: 60_000 });
    await insert('scheduled', { dueInMs: 3_600_000 });
    await insert('sent');
    await database.query(
      `INSERT INTO claims (id, connection_id, worker_id, email_ids, expires_at) VALUES ($1, $2, $1, $3, now() + interval '1 minute')`,
      [newId(), lane.connectionId, [newId(), newId()]],
    );
    const startedAt = Date.now();
    const found = await only();
    expect(found).toMatchObject({
      id: lane.connectionId,
      status: 'active',
      recipients_per_second: 10,
      quota_24_hours: { limit: 1_000, used: 0 },
      backlog: { queued: 1, recipients: 20, scheduled: 2, sending: 2, retrying: 1, is_more: false },
      quota_ends_at: null,
      blocked_reason: null,
      brake: { factor: 1, throttled_at: null },
    });
    const seconds = (iso: string | null | undefined) => (Date.parse(iso ?? '') - startedAt) / 1_000;
    expect(seconds(found?.backlog_ends_at)).toBeCloseTo(2, 0);
    expect(seconds(found?.backlog.next_scheduled_at)).toBeCloseTo(60, -1);
    expect(seconds(found?.backlog.oldest_at)).toBeCloseTo(-60, -1);
  });

  it('says when a used-up quota is tried again, and how hard a throttle brakes', async () => {
    await insert('queued', { recipients: 50 });
    await database.query(
      `UPDATE ses_accounts SET quota_blocked_until = now() + interval '10 minutes', rate_factor = 0.5, throttled_at = now(), sent_last_24_hours = 1000 WHERE id = $1`,
      [lane.sesAccountId],
    );
    const found = await only();
    expect(found).toMatchObject({ blocked_reason: 'deferred_quota', blocked_until: expect.any(String) });
    expect(found?.quota_ends_at).not.toBeNull();
    expect(found?.backlog_ends_at).toBeNull();
    expect(found?.brake.factor).toBeLessThan(0.7);
    expect(found?.brake.throttled_at).not.toBeNull();
  });

  it('foresees nothing where nothing is sent', async () => {
    await insert('queued');
    await database.query(`UPDATE connections SET status = 'broken' WHERE id = $1`, [lane.connectionId]);
    expect(await only()).toMatchObject({ blocked_reason: 'connection_broken', backlog_ends_at: null });
  });

  it('counts dead letters by lane and for the project', async () => {
    for (const status of ['failed', 'failed', 'uncertain', 'expired', 'bounced']) await insert(status);
    const dead = { failed: 2, uncertain: 1, expired: 1 };
    expect(await read()).toMatchObject({
      dead_letters: { ...dead, is_more: false },
      data: [{ dead_letters: dead }],
    });
  });

  it('of another project shows nothing, also by a cursor', async () => {
    await insert('queued');
    const other = await insertLane(database);
    expect((await queue.execute(other.projectId, { limit: 20, isWaiting: true })).data).toEqual([]);
    await expect(read({ after: other.connectionId })).rejects.toMatchObject({ code: 'queue.unknown_cursor' });
  });

  it('of 10 000 connections is read page by page, or only where something waits', async () => {
    await insert('queued');
    await database.query(
      `WITH made AS (
         INSERT INTO connections (id, project_id, name, region, status, external_id)
         SELECT gen_random_uuid(), $1, 'c' || g, 'eu-west-1', CASE WHEN g = 1 THEN 'disconnected' ELSE 'active' END, gen_random_uuid()::text
         FROM generate_series(1, 10000) g RETURNING id
       ) INSERT INTO lanes (connection_id) SELECT id FROM made`,
      [lane.projectId],
    );
    await database.query('ANALYZE connections, lanes');
    const startedAt = performance.now();
    const first = await read();
    const second = await read({ after: first.data.at(-1)?.id ?? '' });
    const waiting = await read({ isWaiting: true });
    const ms = performance.now() - startedAt;
    expect([first.data.length, first.has_more, second.data.length]).toEqual([20, true, 20]);
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(40);
    expect(waiting.data.map(({ id }) => id)).toEqual([lane.connectionId]);
    expect(waiting.has_more).toBe(false);
    process.stdout.write(`three pages of 10 000 lanes: ${ms.toFixed(0)} ms\n`);
    expect(ms).toBeLessThan(3_000);
  }, 60_000);
});
