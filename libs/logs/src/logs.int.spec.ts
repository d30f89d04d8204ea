import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';
import { freshDatabase } from '../../../test/support/stores.js';
import { LOOK_AT, LogsRepository, type LogFilter } from './logs.repository.js';
import { ReadLogs } from './read-logs.js';

describe('searching request logs', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let read: ReadLogs;
  const projectId = newId();
  const keyId = newId();
  const now = Date.now();

  const insert = async (
    method: string,
    endpoint: string,
    status: number,
    apiKeyId = newId(),
    of = projectId,
  ) => {
    const id = newId();
    await database.query(
      'INSERT INTO request_logs (project_id, id, api_key_id, method, endpoint, response_status) VALUES ($1, $2, $3, $4, $5, $6)',
      [of, id, apiKeyId, method, endpoint, status],
    );
    return id;
  };
  const search = async (filter: LogFilter) =>
    (await read.list(projectId, { limit: 100 }, filter)).data.map(({ id }) => id);

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
    read = new ReadLogs(new LogsRepository(database));
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  }, 30_000);

  it('narrows by method, status, path, key and time', async () => {
    const sent = await insert('POST', '/emails', 200, keyId);
    const refused = await insert('POST', '/emails/batch', 422);
    const missing = await insert('GET', '/domains/x', 404);
    await insert('POST', '/emails', 422, keyId, newId());
    expect(await search({})).toEqual([missing, refused, sent]);
    expect(await search({ method: 'GET' })).toEqual([missing]);
    expect(await search({ status: { from: 400, to: 499 } })).toEqual([missing, refused]);
    expect(await search({ status: { from: 422, to: 422 } })).toEqual([refused]);
    expect(await search({ endpoint: 'emails' })).toEqual([refused, sent]);
    expect(await search({ endpoint: '%' })).toEqual([]);
    expect(await search({ apiKeyId: keyId })).toEqual([sent]);
    expect(await search({ since: new Date(now - 1_000) })).toEqual([missing, refused, sent]);
    expect(await search({ until: new Date(now - 1_000) })).toEqual([]);
    expect((await read.list(projectId, { limit: 100 })).search).toBeUndefined();
  });

  it('looks at a bounded number of requests, says how far, and goes on there', async () => {
    await database.query(
      `INSERT INTO request_logs (project_id, id, method, endpoint, response_status)
       SELECT $1, (lpad(to_hex($3::bigint), 12, '0') || '70008000' || lpad(to_hex(g), 12, '0'))::uuid, 'GET', '/hay', 200
       FROM generate_series(1, $2) g`,
      [projectId, LOOK_AT, Date.now() + 1_000],
    );
    const filter = { apiKeyId: keyId };
    const first = await read.list(projectId, { limit: 10 }, filter);
    expect(first).toMatchObject({ data: [], hasMore: true, search: { lookedUntil: expect.any(Date) } });
    const after = first.search?.continuesAfter;
    const second = await read.list(projectId, { limit: 10, after }, filter);
    expect(second).toMatchObject({ data: [{ endpoint: '/emails' }], hasMore: false });
    expect(second.search).toEqual({ lookedUntil: undefined, continuesAfter: undefined });
  }, 30_000);
});
