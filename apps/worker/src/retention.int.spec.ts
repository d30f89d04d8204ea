import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type Clock } from '#libs/crypto';
import { Database, dropPartitions, ensurePartitions, weekPartition } from '#libs/database';
import { createLogger } from '#libs/telemetry';
import { insertLane, type LaneRows } from '../../../test/support/rows.js';
import { freshDatabase } from '../../../test/support/stores.js';
import { Retention } from './retention.js';
import { SystemRetentionRepository } from './system-retention.repository.js';

const DAY_MS = 24 * 3_600_000;
/** Long ago, so that the weeks around it are the test's own. */
const old = new Date('2020-01-08T12:00:00Z');
const emailTables = ['emails', 'email_contents', 'attempts', 'events'];

describe('retention', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let repository: SystemRetentionRepository;
  let lane: LaneRows;

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
    repository = new SystemRetentionRepository(database);
    lane = await insertLane(database);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  });
  beforeEach(async () => {
    await ensurePartitions((sql) => database.query(sql).then(() => undefined), old, 1);
    await database.query('DELETE FROM emails');
    await database.query('DELETE FROM claims');
  });

  const partitionOf = (table: string, at = old) => weekPartition(table, at).name;
  const exists = async (name: string): Promise<boolean> =>
    (await database.query('SELECT 1 FROM pg_class WHERE relname = $1', [name])).rowCount > 0;
  const isAttached = async (name: string): Promise<boolean> =>
    (
      await database.query(
        `SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relname = $1 AND NOT i.inhdetachpending`,
        [name],
      )
    ).rowCount > 0;
  const contents = async (): Promise<string[]> =>
    (
      await database.query<{ id: string }>('SELECT email_id AS id FROM email_contents ORDER BY email_id')
    ).rows.map(({ id }) => id);
  const put = async (status: string, at = old): Promise<string> => {
    // Its own id and not newId(at): that never goes back behind what this process has made.
    const id = `${at
      .getTime()
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7${newId().slice(15)}`;
    await database.query(
      `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes)
       VALUES ($1, $2, $3, $4, 0, now(), 'a@example.com', '{}', 's', '[]', 1, 1)`,
      [id, lane.projectId, lane.connectionId, status],
    );
    return id;
  };
  const run = (retention: object, now = new Date(old.getTime() + 60 * DAY_MS)) =>
    new Retention(
      { retention: { logDays: 30, emailDays: 0, auditDays: 0, ...retention } },
      repository,
      { now: () => now, nowMs: () => now.getTime() } as Clock,
      createLogger('silent', 'test'),
    ).execute();

  it('drops weeks of emails with all that belongs to them, and no week that is not over', async () => {
    await put('delivered');
    const week = new Date(old.getTime() + 7 * DAY_MS);
    await put('sent', week);
    await run({ emailDays: 30 }, new Date(week.getTime() + 30 * DAY_MS));
    for (const table of emailTables) {
      expect([table, await exists(partitionOf(table)), await isAttached(partitionOf(table, week))]).toEqual([
        table,
        false,
        true,
      ]);
    }
    expect((await database.query('SELECT 1 FROM emails')).rowCount).toBe(1);
  });

  it('keeps emails for ever when it is told nothing', async () => {
    await put('delivered');
    await run({});
    for (const table of emailTables) expect(await isAttached(partitionOf(table))).toBe(true);
    expect(await exists(partitionOf('request_logs'))).toBe(false);
  });

  it.each(['queued', 'scheduled'])('keeps a week whole in which one email is %s', async (status) => {
    await put('delivered');
    const id = await put(status);
    await run({ emailDays: 30 });
    for (const table of emailTables) expect(await isAttached(partitionOf(table))).toBe(true);
    await database.query(`UPDATE emails SET status = 'canceled' WHERE id = $1`, [id]);
    await run({ emailDays: 30 });
    for (const table of emailTables) expect(await exists(partitionOf(table))).toBe(false);
  });

  it('keeps a week in which one email is on its way', async () => {
    const id = await put('sending');
    await database.query(
      `INSERT INTO claims (id, connection_id, worker_id, email_ids, expires_at) VALUES ($1, $2, $1, $3, now())`,
      [newId(), lane.connectionId, [id]],
    );
    await run({ emailDays: 30 });
    expect(await isAttached(partitionOf('emails'))).toBe(true);
  });

  it('takes back a partition that got unfinished mail while it was being detached', async () => {
    await put('failed');
    let asked = 0;
    const dropped = await dropPartitions(database, 'emails', new Date(old.getTime() + 30 * DAY_MS), () =>
      Promise.resolve(++asked % 2 === 1),
    );
    expect(dropped).toEqual([]);
    expect(await isAttached(partitionOf('emails'))).toBe(true);
    expect((await database.query('SELECT 1 FROM emails')).rowCount).toBe(1);
  });

  it('finishes what an earlier run left half done', async () => {
    const name = partitionOf('request_logs');
    await database.query(`ALTER TABLE request_logs DETACH PARTITION "${name}"`);
    await run({});
    expect(await exists(name)).toBe(false);
  });

  it('waits for nobody who writes, and nobody waits for it', async () => {
    // A transaction that has written into the table is open all the while; the detaching waits for it, other writers go on.
    let written: () => void = () => undefined;
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    let end: () => void = () => undefined;
    const isOver = new Promise<void>((resolve) => (end = resolve));
    const open = database.transaction(async (sql) => {
      await sql.query(`UPDATE emails SET subject = 'x'`);
      written();
      await isOver;
    });
    await isWritten;
    const dropping = repository.dropEmails(new Date(old.getTime() + 30 * DAY_MS));
    await put('delivered', new Date());
    end();
    await open;
    expect(await dropping).toContain(partitionOf('emails'));
  });

  describe('a project that keeps contents for 30 days', () => {
    const day = (days: number) => new Date(old.getTime() + days * DAY_MS);
    const withContent = async (status: string, at = old) => {
      const id = await put(status, at);
      await database.query(`INSERT INTO email_contents (email_id, payload) VALUES ($1, '{}')`, [id]);
      return id;
    };
    const set = (days: number | null) =>
      database.query(
        'UPDATE projects SET content_retention_days = $2, content_forgotten_to = NULL WHERE id = $1',
        [lane.projectId, days],
      );
    beforeEach(async () => {
      await database.query('DELETE FROM email_contents');
      await set(30);
    });
    afterAll(() => set(null));

    it('forgets those of finished mail, and keeps the mail', async () => {
      for (const status of ['sent', 'delivered', 'bounced', 'canceled']) await withContent(status);
      const kept = [
        await withContent('failed'),
        await withContent('scheduled'),
        await withContent('delivered', day(6)),
      ];
      await run({}, day(35));
      expect(await contents()).toEqual(kept.sort());
      expect((await database.query('SELECT 1 FROM emails')).rowCount).toBe(7);
    });

    it('comes back for mail that still waited', async () => {
      const first = await withContent('sent');
      const late = await withContent('scheduled', day(1));
      const last = await withContent('sent', day(2));
      await run({}, day(40));
      expect(await contents()).toEqual([late]);
      await database.query(`UPDATE emails SET status = 'sent' WHERE id = $1`, [late]);
      await run({}, day(40));
      expect(await contents()).toEqual([]);
      // And does not walk again over what is done.
      for (const id of [first, last])
        await database.query(`INSERT INTO email_contents (email_id, payload) VALUES ($1, '{}')`, [id]);
      await run({}, day(40));
      expect(await contents()).toEqual([first, last]);
    });

    it('keeps them with the emails when it is told nothing', async () => {
      const id = await withContent('sent');
      await set(null);
      await run({}, day(400));
      expect(await contents()).toEqual([id]);
    });
  });

  it('forgets what the machine noted of sessions and keeps what people did', async () => {
    const at = (days: number) =>
      `${(old.getTime() + days * DAY_MS)
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')}-7${newId().slice(15)}`;
    for (const [id, action] of [
      [at(0), 'session.issued'],
      [at(0), 'connection.paused'],
      [at(45), 'session.issued'],
    ]) {
      await database.query(
        'INSERT INTO audit_entries (id, organization_id, actor, action) VALUES ($1, $2, $3, $4)',
        [id, lane.organizationId, 'system', action],
      );
    }
    const actions = async () =>
      (await database.query<{ action: string }>('SELECT action FROM audit_entries ORDER BY id')).rows.map(
        ({ action }) => action,
      );
    await run({});
    expect(await actions()).toHaveLength(3);
    await run({ auditDays: 30 });
    expect((await actions()).sort()).toEqual(['connection.paused', 'session.issued']);
  });
});
