import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '#libs/crypto';
import { databaseServer, freshDatabase } from '../../../test/support/stores.js';
import { until } from '../../../test/support/until.js';
import { Broadcast } from './broadcast.js';
import { Database } from './database.js';
import { isUniqueViolation } from './errors.js';
import { HeartbeatsRepository } from './heartbeats.repository.js';
import { migrate } from './migrate.js';
import { ensurePartitions, partitionedTables } from './partitions.js';
import { createTestDatabase } from './test-database.js';

const WEEK_MS = 7 * 24 * 3_600_000;

async function admin<T>(work: (client: pg.Client) => Promise<T>, url = databaseServer): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const exists = (name: string) =>
  admin(
    async (client) =>
      (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rowCount === 1,
  );
const nameOf = (url: string) => new URL(url).pathname.slice(1);

describe('migrate', () => {
  const name = `sesame_migrate_${newId().replaceAll('-', '')}`;
  const url = new URL(databaseServer);
  url.pathname = `/${name}`;

  beforeAll(() => admin((client) => client.query(`CREATE DATABASE "${name}"`)), 60_000);
  afterAll(() => admin((client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)));

  it('brings an empty database up to date, once, however many processes begin at the same time', async () => {
    const applied = await Promise.all([migrate(url.href), migrate(url.href)]);
    expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
    await expect(migrate(url.href)).resolves.toEqual([]);
    const tables = await admin(
      (client) =>
        client.query<{ table_name: string }>(
          `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`,
        ),
      url.href,
    );
    const names = tables.rows.map((row) => row.table_name);
    expect(names).toEqual(
      expect.arrayContaining([
        '_prisma_migrations',
        'organizations',
        'connections',
        'lanes',
        ...partitionedTables,
      ]),
    );
  }, 60_000);

  it('leaves partitions for this week and the weeks ahead', async () => {
    const { rows } = await admin(
      (client) =>
        client.query<{ parent: string; count: number }>(
          'SELECT inhparent::regclass::text AS parent, count(*)::int AS count FROM pg_inherits GROUP BY inhparent',
        ),
      url.href,
    );
    const counts = new Map(rows.map((row) => [row.parent, row.count]));
    for (const table of partitionedTables) expect(counts.get(table)).toBeGreaterThanOrEqual(7);
  });
});

describe('with a database', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  });

  const organizations = async () =>
    (await database.query<{ id: string }>('SELECT id FROM organizations')).rows.map(({ id }) => id);
  const insert = 'INSERT INTO organizations (id, name) VALUES ($1, $2)';

  it('ensurePartitions may run again, and makes what is missing', async () => {
    const count = async () =>
      (
        await database.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM pg_class WHERE relispartition AND relkind = 'r'`,
        )
      ).rows[0]?.count ?? 0;
    const execute = async (sql: string) => void (await database.query(sql));
    const now = new Date();
    await ensurePartitions(execute, now);
    const before = await count();
    await ensurePartitions(execute, now);
    expect(await count()).toBe(before);
    await ensurePartitions(execute, new Date(now.getTime() + 2 * WEEK_MS));
    expect(await count()).toBe(before + 2 * partitionedTables.length);
  });

  describe('a transaction', () => {
    it('keeps what it did and gives its result', async () => {
      const id = newId();
      const result = await database.transaction(async (sql) => {
        await sql.query(insert, [id, 'kept']);
        return 'done';
      });
      expect(result).toBe('done');
      expect(await organizations()).toContain(id);
    });

    it('shows nothing of it to others before its end', async () => {
      const id = newId();
      await database.transaction(async (sql) => {
        await sql.query(insert, [id, 'inside']);
        expect(await organizations()).not.toContain(id);
      });
      expect(await organizations()).toContain(id);
    });

    it('takes everything back when its work throws, and hands the error on', async () => {
      const [one, two] = [newId(), newId()];
      const thrown = new Error('no');
      await expect(
        database.transaction(async (sql) => {
          await sql.query(insert, [one, 'lost']);
          await sql.query(insert, [two, 'lost']);
          throw thrown;
        }),
      ).rejects.toBe(thrown);
      expect(await organizations()).not.toEqual(expect.arrayContaining([one]));
      expect(await organizations()).not.toEqual(expect.arrayContaining([two]));
    });

    it('takes everything back when a statement fails, whose error can be told apart', async () => {
      const [one, two] = [newId(), newId()];
      await database.query(insert, [two, 'there']);
      const error: unknown = await database
        .transaction(async (sql) => {
          await sql.query(insert, [one, 'lost']);
          await sql.query(insert, [two, 'double']);
        })
        .catch((failure: unknown) => failure);
      expect(isUniqueViolation(error)).toBe(true);
      expect(await organizations()).not.toContain(one);
    });

    it('gives its connection back, also after failures: more of them than there are connections', async () => {
      for (let round = 0; round < 10; round++) {
        await expect(database.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
      }
      expect(database.pool.waitingCount).toBe(0);
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it('whose connection is killed fails without ending the process, and the next one works', async () => {
      let client: pg.PoolClient | undefined;
      database.pool.once('acquire', (acquired) => (client = acquired));
      let listeners = 0;
      const failure: unknown = await database
        .transaction(async (sql) => {
          // A client says 'error' when its connection breaks; unheard, that would end the process.
          listeners = client?.listenerCount('error') ?? 0;
          if (listeners === 0) throw new Error('nobody listens');
          const { rows } = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
          await database.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
          await sql.query('SELECT 1');
        })
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ message: expect.stringMatching(/connection|terminat/i) });
      expect(listeners).toBeGreaterThan(0);
      const again = database.transaction(async (sql) => (await sql.query('SELECT 1')).rowCount);
      await expect(again).resolves.toBe(1);
    });
  });

  it('a statement with a name may be run again with other values', async () => {
    for (const value of [1, 2]) {
      const { rows } = await database.query<{ value: number }>(
        'SELECT $1::int AS value',
        [value],
        'test-named',
      );
      expect(rows).toEqual([{ value }]);
    }
  });

  it('counts come as numbers, also those of 64 bits', async () => {
    const { rows } = await database.query<{ count: number }>(
      'SELECT count(*) AS count FROM generate_series(1, 3)',
    );
    expect(rows).toEqual([{ count: 3 }]);
  });

  it('statements are counted', async () => {
    const before = database.counter.statements;
    await database.query('SELECT 1');
    await database.transaction((sql) => sql.query('SELECT 1'));
    expect(database.counter.statements - before).toBe(4);
  });

  describe('heartbeats', () => {
    it('count the processes that are there, by service', async () => {
      const [one, two] = [new HeartbeatsRepository(database), new HeartbeatsRepository(database)];
      await one.beat('worker');
      await one.beat('worker');
      await two.beat('worker');
      expect(await one.count('worker')).toBe(2);
      expect(await one.count('api')).toBe(0);
      await two.leave();
      expect(await one.count('worker')).toBe(1);
    });

    it('older than 15 seconds do not count', async () => {
      const one = new HeartbeatsRepository(database);
      await one.beat('old');
      await database.query(
        `UPDATE process_heartbeats SET last_seen_at = now() - interval '16 seconds' WHERE id = $1`,
        [one.processId],
      );
      expect(await one.count('old')).toBe(0);
      await one.beat('old');
      expect(await one.count('old')).toBe(1);
    });
  });

  describe('a broadcast', () => {
    let other: Database;
    let sender: Broadcast;
    let listener: Broadcast;
    const heard: string[] = [];
    let gaps = 0;

    beforeAll(async () => {
      other = new Database(server.url, 2);
      sender = new Broadcast(database);
      listener = new Broadcast(other);
      listener.on('session.purged', (message) => heard.push(message));
      listener.onGap(() => (gaps += 1));
      await listener.start();
      await listener.start();
    });
    afterAll(async () => {
      await listener.close();
      await sender.close();
      await other.close();
    });

    const hears = (message: string) =>
      until(`the message ${message}`, () => Promise.resolve(heard.includes(message)), 10_000);
    const sessions = async () =>
      (
        await database.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sesame-listen'`,
        )
      ).rows.map(({ pid }) => pid);

    it('reaches other processes, once, with its message as it was', async () => {
      const message = `c-1\nline two ä €`;
      await sender.send('session.purged', message);
      await hears(message);
      await sender.send('session.purged', 'end');
      await hears('end');
      expect(heard.filter((one) => one === message)).toHaveLength(1);
    });

    it('reaches only those who listen to its topic', async () => {
      await sender.send('session.purged.not', 'other topic');
      await sender.send('session.purged', 'own topic');
      await hears('own topic');
      expect(heard).not.toContain('other topic');
    });

    it('is listened to by one session, however often it is started', async () => {
      expect(await sessions()).toHaveLength(1);
      expect(gaps).toBe(0);
    });

    it('goes on after its session was lost, and says that there was a gap', async () => {
      const [pid] = await sessions();
      await database.query('SELECT pg_terminate_backend($1)', [pid]);
      await until('a gap', () => Promise.resolve(gaps === 1), 20_000);
      expect(await sessions()).not.toContain(pid);
      await sender.send('session.purged', 'after the gap');
      await hears('after the gap');
      expect(gaps).toBe(1);
    }, 40_000);

    it('is not listened to any more once it is closed', async () => {
      await listener.close();
      await until('no listening session', async () => (await sessions()).length === 0, 10_000);
      await listener.start();
      expect(await sessions()).toEqual([]);
    });
  });

  describe('a test database', () => {
    it('is a clone of its own with everything migrated, and goes when it is dropped', async () => {
      const template = `sesame_template_spec_${newId().replaceAll('-', '').slice(0, 20)}`;
      try {
        const clones = await Promise.all([
          createTestDatabase(databaseServer, template),
          createTestDatabase(databaseServer, template),
        ]);
        const [one, two] = clones;
        expect(new Set(clones.map(({ url }) => url)).size).toBe(2);
        await admin((client) => client.query(insert, [newId(), 'only here']), one.url);
        const count = (url: string) =>
          admin(
            async (client) =>
              (await client.query<{ count: number }>('SELECT count(*)::int AS count FROM organizations'))
                .rows[0]?.count,
            url,
          );
        expect([await count(one.url), await count(two.url)]).toEqual([1, 0]);
        const busy = new pg.Client({ connectionString: one.url });
        busy.on('error', () => undefined);
        await busy.connect();
        await one.drop();
        await two.drop();
        await busy.end().catch(() => undefined);
        expect([
          await exists(nameOf(one.url)),
          await exists(nameOf(two.url)),
          await exists(template),
        ]).toEqual([false, false, true]);
        await expect(two.drop()).resolves.toBeUndefined();
      } finally {
        await admin((client) => client.query(`DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`));
      }
    }, 60_000);
  });
});
