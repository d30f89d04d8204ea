import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/crypto';
import { freshDatabase } from '../../../test/support/stores.js';
import { Database } from './database.js';

describe('a transaction in one trip', () => {
  const insert = 'INSERT INTO organizations (id, name) VALUES ($1, $2)';
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
  const statement = (id: string, name: string) => ({ text: insert, values: [id, name], name: 'one-trip' });

  it('is committed when it answers', async () => {
    const id = newId();
    await database.inOneTrip('', statement(id, 'at once'));
    expect(await organizations()).toContain(id);
  });

  it('does its opening first, in the same transaction', async () => {
    const id = newId();
    await database.inOneTrip(`SET LOCAL application_name = 'opened'`, {
      text: `INSERT INTO organizations (id, name) VALUES ($1, current_setting('application_name'))`,
      values: [id],
      name: 'one-trip-opening',
    });
    const { rows } = await database.query<{ name: string }>('SELECT name FROM organizations WHERE id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ name: 'opened' }]);
    const { rows: settings } = await database.query<{ application_name: string }>('SHOW application_name');
    expect(settings).toEqual([{ application_name: 'sesame' }]);
  });

  it.each([
    ['the opening', 'SELECT 1 / 0', 'division by zero'],
    ['the statement', '', 'duplicate key'],
  ])(
    'stores nothing when %s fails, says why, and leaves a connection that works',
    async (_, opening, message) => {
      const id = newId();
      const before = newId();
      await database.inOneTrip('', statement(before, 'before'));
      await expect(
        database.inOneTrip(opening, {
          text: 'INSERT INTO organizations (id, name) VALUES ($1, $3), ($2, $3)',
          values: [id, opening === '' ? before : newId(), 'x'],
          name: 'one-trip-two',
        }),
      ).rejects.toThrow(message);
      expect(await organizations()).not.toContain(id);
      await Promise.all(Array.from({ length: 8 }, () => database.inOneTrip('', statement(newId(), 'after'))));
    },
  );

  it('rejects when the connection is lost on the way, and the next one gets another', async () => {
    await expect(
      database.inOneTrip('', {
        text: 'SELECT pg_terminate_backend(pg_backend_pid())',
        values: [],
        name: 'lost',
      }),
    ).rejects.toThrow();
    const id = newId();
    await database.inOneTrip('', statement(id, 'after'));
    expect(await organizations()).toContain(id);
  });
});
