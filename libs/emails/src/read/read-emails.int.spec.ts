import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, SystemClock } from '#libs/crypto';
import { Database } from '#libs/database';
import { insertLane } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { EmailsRepository } from './emails.repository.js';
import { ReadEmails } from './read-emails.js';

let server: { url: string; drop(): Promise<void> };
let database: Database;

beforeAll(async () => {
  server = await freshDatabase();
  database = new Database(server.url, 6);
}, 60_000);
afterAll(async () => {
  await database?.close();
  await server?.drop();
}, 30_000);

it('shows an email with the events that led to its status, at any moment', async () => {
  const { projectId, connectionId } = await insertLane(database);
  const id = newId();
  await database.query(
    `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes)
     VALUES ($1, $2, $3, 'sent', 0, now(), 'me@example.com', '{"to":["a@example.net"],"cc":[],"bcc":[],"reply_to":[]}', 's', '[]', 1, 1)`,
    [id, projectId, connectionId],
  );
  let isOver = false;
  // Delivered with its event, then as before, in turns; each whole.
  const changes = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      const isDelivered = turn % 2 === 0;
      await database.transaction(async (sql) => {
        await sql.query('UPDATE emails SET status = $2 WHERE id = $1', [
          id,
          isDelivered ? 'delivered' : 'sent',
        ]);
        if (isDelivered) {
          await sql.query(
            `INSERT INTO events (id, project_id, email_id, type, at, recipient, data)
             VALUES ($1, $2, $3, 'delivered', '2026-08-05T12:00:00.123456Z', 'a@example.net', '{"smtp_response":"250"}')`,
            [newId(), projectId, id],
          );
        } else await sql.query('DELETE FROM events WHERE email_id = $1', [id]);
      });
    }
  })();
  const read = new ReadEmails(new EmailsRepository(database), new SystemClock());
  const seen = new Map<string, unknown>();
  try {
    for (let turn = 0; turn < 300; turn += 1) {
      const { status, events } = await read.get(projectId, id);
      seen.set(`${status}: ${events.map(({ type }) => type).join(' ')}`, events.at(-1));
    }
  } finally {
    isOver = true;
    await changes;
  }
  expect([...seen.keys()].sort()).toEqual(['delivered: queued delivered', 'sent: queued']);
  expect(seen.get('delivered: queued delivered')).toEqual({
    type: 'delivered',
    at: '2026-08-05T12:00:00.123Z',
    recipient: 'a@example.net',
    data: { smtp_response: '250' },
  });
}, 60_000);
