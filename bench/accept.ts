import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { newId } from '#libs/crypto';
import { prepareEmail, priorities } from '#libs/emails';
import type { LoadFigures, LoadPlan, LoadTarget } from './load.js';
import { benchDatabase, insertLane } from './support/database.js';
import { startScript, stop, waitForEvent } from './support/processes.js';

export interface AcceptSettings extends Omit<LoadPlan, 'targets'> {
  serverUrl: string;
  redisUrl: string | undefined;
  /** API processes that share the connections, 1 unless said. One is bound to a core, as its floor is; more have both. */
  apis?: number;
}

export interface AcceptFigures {
  /** Only of single sends. */
  floor: LoadFigures | undefined;
  accept: LoadFigures;
  ratio: number | undefined;
}

/** Requests per second of the API, and, in turns with it, of one endpoint that only validates the same body on a core of its own. */
export async function benchAccept(settings: AcceptSettings): Promise<AcceptFigures> {
  const { serverUrl, redisUrl, apis: count = 1, ...load } = settings;
  const { database, url, drop } = await benchDatabase(serverUrl);
  const lane = await insertLane(database, newId());
  const environment = {
    DATABASE_URL: url,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    QUEUE_PREFIX: `bench${randomBytes(4).toString('hex')}`,
    SESAME_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    SESAME_RATE_LIMIT: '1000000',
    LOG_LEVEL: 'warn',
  };
  const firstPort = 20_000 + Math.floor(Math.random() * 20_000);
  const ports = Array.from({ length: count }, (_, index) => String(firstPort + index));
  const apis = ports.map((port) =>
    startScript('apps/api/src/main.js', [], { ...environment, API_PORT: port }, count === 1 ? 0 : undefined),
  );
  const bare = load.batch === 0 ? startScript('bench/floor-accept.js', [], {}, 0) : undefined;
  try {
    await Promise.all(apis.map((api) => waitForEvent(api, 'api.ready')));
    const targets: LoadTarget[] = [
      {
        urls: ports.map((port) => `http://127.0.0.1:${port}`),
        path: load.batch === 0 ? '/emails' : '/emails/batch',
        key: lane.apiKey,
      },
    ];
    if (bare !== undefined) {
      const { url: bareUrl } = await waitForEvent<{ url: string }>(bare, 'bare-accept.ready');
      targets.push({ urls: [bareUrl], path: '/emails', key: 'none' });
    }
    const plan: LoadPlan = { ...load, targets };
    const child = startScript('bench/load.js', [JSON.stringify(plan)], {}, 1);
    const { figures } = await waitForEvent<{ figures: LoadFigures[] }>(child, 'load');
    const [accept, floor] = figures;
    if (accept === undefined) throw new Error('no figures');
    return { floor, accept, ratio: floor === undefined ? undefined : accept.perSecond / floor.perSecond };
  } finally {
    await Promise.all([...apis, ...(bare === undefined ? [] : [bare])].map(stop));
    await drop();
  }
}

/** The floor of batches: bare multi-row inserts of the same rows by `pg`. Emails per second. */
export async function benchBareInserts(serverUrl: string, kilobytes: number, rows: number): Promise<number> {
  const { url, drop } = await benchDatabase(serverUrl);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const project = newId();
    const connection = newId();
    // The row that an accept stores for this body: with the text part, which doubles it here.
    const { payload } = await prepareEmail(
      {
        from: 'Sender <hello@example.com>',
        to: ['p@example.net'],
        subject: 'Hello',
        html: 'x'.repeat(kilobytes * 1000),
      },
      priorities.batch,
      new Date(),
    );
    const insert = async (count: number) => {
      for (let done = 0; done < count; done += 100) {
        const values: unknown[] = [];
        const contents: unknown[] = [];
        for (let index = 0; index < 100; index++) {
          const id = newId();
          values.push(
            id,
            project,
            connection,
            'queued',
            10,
            new Date(),
            'Sender <hello@example.com>',
            '{"to":["p@example.net"]}',
            'Hello',
            '[]',
            1,
            payload.length,
          );
          contents.push(id, payload);
        }
        const tuple = (width: number, at: number) =>
          `(${Array.from({ length: width }, (_, column) => `$${at * width + column + 1}`).join(',')})`;
        await client.query('BEGIN');
        await client.query({
          name: 'bare-emails',
          text: `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes) VALUES ${Array.from({ length: 100 }, (_, at) => tuple(12, at)).join(',')}`,
          values,
        });
        await client.query({
          name: 'bare-contents',
          text: `INSERT INTO email_contents (email_id, payload) VALUES ${Array.from({ length: 100 }, (_, at) => tuple(2, at)).join(',')}`,
          values: contents,
        });
        await client.query('COMMIT');
      }
    };
    await insert(1_000);
    const start = performance.now();
    await insert(rows);
    return rows / ((performance.now() - start) / 1000);
  } finally {
    await client.end();
    await drop();
  }
}
