import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, SystemClock } from '#libs/crypto';
import { Database } from '#libs/database';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { EmailsRepository, LOOK_AT, type EmailFilter } from './emails.repository.js';
import { ReadEmails } from './read-emails.js';

interface Fields {
  to?: string[];
  cc?: string[];
  bcc?: string[];
  replyTo?: string[];
  subject?: string;
  tags?: object[];
  status?: string;
  sesMessageId?: string;
}

describe('searching emails', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let ours: LaneRows;
  let theirs: LaneRows;
  let read: ReadEmails;
  const now = Date.now();

  async function insert(lane: LaneRows, fields: Fields): Promise<string> {
    const id = newId();
    const { to = ['a@example.net'], cc = [], bcc = [], replyTo = [], subject = 'Hi', tags = [] } = fields;
    await database.query(
      `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes, ses_message_id)
       VALUES ($1, $2, $3, $4, 0, now(), 'me@example.com', $5, $6, $7, 1, 1, $8)`,
      [
        id,
        lane.projectId,
        lane.connectionId,
        fields.status ?? 'sent',
        JSON.stringify({ to, cc, bcc, reply_to: replyTo }),
        subject,
        JSON.stringify(tags),
        fields.sesMessageId ?? null,
      ],
    );
    return id;
  }
  const search = async (filter: EmailFilter, projectId = ours.projectId) =>
    (await read.list(projectId, { limit: 100 }, filter)).data.map(({ id }) => id);

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
    [ours, theirs] = [await insertLane(database), await insertLane(database)];
    read = new ReadEmails(new EmailsRepository(database), new SystemClock());
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  }, 30_000);

  it('finds recipients of To, Cc and Bcc by a part, in any case, and nobody else', async () => {
    const to = await insert(ours, { to: ['Ann Lee <Ann@Example.org>'] });
    const cc = await insert(ours, { cc: ['ann@example.org'] });
    const bcc = await insert(ours, { bcc: ['ANN@EXAMPLE.ORG'] });
    await insert(ours, { replyTo: ['ann@example.org'], subject: 'ann@example.org' });
    await insert(theirs, { to: ['ann@example.org'] });
    expect(await search({ recipient: 'aNN@example.org' })).toEqual([bcc, cc, to]);
    expect(await search({ recipient: 'ann lee' })).toEqual([to]);
    expect(await search({ recipient: '%' })).toEqual([]);
  });

  it('finds texts of subjects and tags', async () => {
    const invoice = await insert(ours, {
      subject: 'Invoice 1024 – ÄRGER',
      tags: [{ name: 'kind', value: 'invoice' }],
    });
    const other = await insert(ours, { subject: 'Other', tags: [{ name: 'kind', value: 'other' }] });
    expect(await search({ subject: 'voice 10' })).toEqual([invoice]);
    expect(await search({ tag: 'kind' })).toEqual([other, invoice]);
    expect(await search({ tag: 'kind', tagValue: 'other' })).toEqual([other]);
    expect(await search({ tag: 'kind', subject: 'INVOICE' })).toEqual([invoice]);
    expect(await search({ tag: 'kind' }, theirs.projectId)).toEqual([]);
  });

  it('finds an SES message id by its index, in its project only', async () => {
    const id = await insert(ours, { sesMessageId: '0102-ours' });
    expect(await search({ sesMessageId: '0102-ours' })).toEqual([id]);
    expect(await search({ sesMessageId: '0102-ours', status: 'failed' })).toEqual([]);
    expect(await search({ sesMessageId: '0102-ours' }, theirs.projectId)).toEqual([]);
  });

  it('narrows by status, connection and time', async () => {
    const lane = await insertLane(database);
    const failed = await insert(lane, { status: 'failed' });
    const sent = await insert(lane, { status: 'sent' });
    expect(await search({ status: 'failed' }, lane.projectId)).toEqual([failed]);
    expect(await search({ status: 'sent' }, lane.projectId)).toEqual([sent]);
    expect(await search({ connectionId: lane.connectionId }, lane.projectId)).toEqual([sent, failed]);
    expect(await search({ connectionId: ours.connectionId }, lane.projectId)).toEqual([]);
    expect(await search({ since: new Date(now - 1_000) }, lane.projectId)).toEqual([sent, failed]);
    expect(await search({ since: new Date(now + 3_600_000) }, lane.projectId)).toEqual([]);
    expect(await search({ until: new Date(now - 1_000) }, lane.projectId)).toEqual([]);
  });

  it('looks at a bounded number of emails, says how far, and goes on there', async () => {
    const lane = await insertLane(database);
    const needle = await insert(lane, { subject: 'needle' });
    // Ids in the order of their making, as newId makes them.
    await database.query(
      `INSERT INTO emails (id, project_id, connection_id, status, priority, due_at, sender, addresses, subject, tags, recipients, payload_bytes)
       SELECT (lpad(to_hex($4::bigint), 12, '0') || '7' || lpad(to_hex(g / 4096), 3, '0') || '8000' || lpad(to_hex(g), 12, '0'))::uuid, $1, $2, 'sent', 0, now(), 'me@example.com',
              '{"to":[],"cc":[],"bcc":[],"reply_to":[]}', 'hay', '[]', 1, 1 FROM generate_series(1, $3) g`,
      [lane.projectId, lane.connectionId, LOOK_AT, Date.now() + 1_000],
    );
    const filter = { subject: 'needle' };
    const first = await read.list(lane.projectId, { limit: 10 }, filter);
    expect(first).toMatchObject({
      data: [],
      has_more: true,
      search: { looked_until: expect.any(String), continues_after: expect.any(String) },
    });
    const after = first.search?.continues_after ?? '';
    const second = await read.list(lane.projectId, { limit: 10, after }, filter);
    expect(second).toMatchObject({
      data: [{ id: needle }],
      has_more: false,
      search: { looked_until: null, continues_after: null },
    });
    expect(await read.list(lane.projectId, { limit: 1 })).not.toHaveProperty('search');
  }, 60_000);

  it('walks a search page by page, in both directions', async () => {
    const lane = await insertLane(database);
    const [first = '', second = '', third = ''] = [
      await insert(lane, { subject: 'walk' }),
      await insert(lane, { subject: 'walk' }),
      await insert(lane, { subject: 'walk' }),
    ];
    const page = async (cursor: { after?: string; before?: string }) => {
      const { data, has_more: hasMore } = await read.list(
        lane.projectId,
        { limit: 1, ...cursor },
        { subject: 'walk' },
      );
      return [data.map(({ id }) => id), hasMore];
    };
    expect(await page({})).toEqual([[third], true]);
    expect(await page({ after: third })).toEqual([[second], true]);
    expect(await page({ after: second })).toEqual([[first], false]);
    expect(await page({ before: first })).toEqual([[second], true]);
  });
});
