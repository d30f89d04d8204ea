import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { call, Customer } from '../support/customer.js';
import { Receiver } from '../support/receiver.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const missingId = '01930000-0000-7000-8000-000000000000';

describe('suppressions, with the Resend SDK', () => {
  let stack: Stack;
  let customer: Customer;
  let stranger: Customer;
  let resend: Resend;

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_OUTBOUND_ALLOW: '127.0.0.0/8' } });
    customer = await Customer.create(stack);
    stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    await customer.connect();
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(() => stack?.close());

  const add = async (email: string): Promise<string> => {
    const { data, error } = await resend.suppressions.add({ email });
    if (data === null) throw new Error(JSON.stringify(error));
    expect(data.object).toBe('suppression');
    return data.id;
  };

  it('are added, read by id and by address, and removed by either', async () => {
    const id = await add(' Ann+News@Example.NET ');
    expect(await add('ann+news@example.net')).toBe(id);
    const expected = {
      object: 'suppression',
      id,
      email: 'ann+news@example.net',
      origin: 'manual',
      source_id: null,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    };
    expect((await resend.suppressions.get(id)).data).toEqual(expected);
    expect((await resend.suppressions.get('ANN+news@example.net')).data).toEqual(expected);
    expect((await resend.suppressions.remove('ann+news@example.net')).data).toEqual({
      object: 'suppression',
      id,
      deleted: true,
    });
    expect((await resend.suppressions.get(id)).error).toEqual(
      expect.objectContaining({ statusCode: 404, name: 'not_found', message: 'Suppression not found' }),
    );
    expect((await resend.suppressions.remove(id)).error).toMatchObject({ statusCode: 404 });
    const other = await add('a/b%c@example.net');
    expect((await resend.suppressions.remove(other)).data?.deleted).toBe(true);
  });

  it('take addresses of every length and sign, in the path too', async () => {
    const long = `${'x'.repeat(64)}@${'d'.repeat(60)}.${'e'.repeat(60)}.example`;
    for (const email of [long, 'a/b@example.net', 'a%25b@example.net', "o'neil#1@example.net"]) {
      const id = await add(email);
      expect((await resend.suppressions.get(email)).data).toMatchObject({ id, email });
      expect((await resend.suppressions.remove(email)).data).toMatchObject({ id, deleted: true });
    }
    const id = await add('ann@bücher.example');
    expect((await resend.suppressions.get('ann@BÜCHER.example')).data).toMatchObject({
      id,
      email: 'ann@xn--bcher-kva.example',
    });
    await resend.suppressions.remove(id);
  });

  it('are added and removed in batches, by address or by id', async () => {
    const emails = ['one@example.net', 'two@example.net', 'ONE@example.net'];
    const added = await resend.suppressions.batch.add({ emails });
    const ids = added.data?.data.map(({ id }) => id) ?? [];
    expect(added.data).toEqual({ data: ids.map((id) => ({ object: 'suppression', id })) });
    expect([ids.length, ids[0]]).toEqual([3, ids[2]]);
    const [one = '', two = ''] = ids;
    expect(
      (await resend.suppressions.batch.remove({ emails: ['one@example.net', 'nobody@example.net'] })).data,
    ).toEqual({ data: [{ object: 'suppression', id: one, deleted: true }] });
    expect((await resend.suppressions.batch.remove({ ids: [two, missingId] })).data).toEqual({
      data: [{ object: 'suppression', id: two, deleted: true }],
    });
    const hundred = Array.from({ length: 100 }, (_, index) => `bulk${index}@example.net`);
    expect((await resend.suppressions.batch.add({ emails: hundred })).data?.data).toHaveLength(100);
    expect((await resend.suppressions.batch.remove({ emails: hundred })).data?.data).toHaveLength(100);
  });

  it.each([
    ['no address', '/suppressions', {}, 'missing_required_field', 'email'],
    ['null', '/suppressions', { email: null }, 'missing_required_field', 'email'],
    ['a number', '/suppressions', { email: 7 }, 'validation_error', 'email'],
    ['no address at all', '/suppressions', { email: 'ann' }, 'validation_error', 'email'],
    ['an empty batch', '/suppressions/batch/add', { emails: [] }, 'validation_error', 'emails'],
    [
      '101',
      '/suppressions/batch/add',
      { emails: Array(101).fill('a@example.net') },
      'validation_error',
      'emails',
    ],
    [
      'one bad',
      '/suppressions/batch/add',
      { emails: ['a@example.net', 'b'] },
      'validation_error',
      'emails[1]',
    ],
    ['nothing', '/suppressions/batch/remove', {}, 'validation_error', 'body'],
    [
      'both',
      '/suppressions/batch/remove',
      { emails: ['a@example.net'], ids: [missingId] },
      'validation_error',
      'body',
    ],
    ['no id', '/suppressions/batch/remove', { ids: ['x'] }, 'validation_error', 'ids[0]'],
    ['no ids', '/suppressions/batch/remove', { ids: [], emails: null }, 'validation_error', 'ids'],
  ])('refuse %s', async (_, path, body, name, field) => {
    const answer = await customer.api('POST', path, body);
    expect(answer.body).toMatchObject({ statusCode: 422, name, field, message: expect.any(String) });
    expect(answer.status).toBe(422);
  });

  it('refuse a key in the path that is neither an id nor an address', async () => {
    expect((await resend.suppressions.get('ann')).error).toMatchObject({
      statusCode: 422,
      name: 'invalid_parameter',
    });
  });

  it('are listed newest first, by origin, page by page in both directions', async () => {
    const emails = Array.from({ length: 5 }, (_, index) => `list${index}@example.net`);
    for (const email of emails) await add(email);
    const all = (await resend.suppressions.list({ limit: 100 })).data;
    expect(all).toMatchObject({ object: 'list', has_more: false });
    expect(all?.data.map(({ email }) => email)).toEqual([...emails].reverse());
    expect(Object.keys(all?.data[0] ?? {}).sort()).toEqual([
      'created_at',
      'email',
      'id',
      'origin',
      'source_id',
    ]);
    const first = (await resend.suppressions.list({ limit: 2 })).data;
    expect([first?.has_more, first?.data.length]).toEqual([true, 2]);
    const second = (await resend.suppressions.list({ limit: 2, after: first?.data[1]?.id ?? '' })).data;
    expect(second?.data.map(({ email }) => email)).toEqual([emails[2], emails[1]]);
    const back = (await resend.suppressions.list({ limit: 2, before: second?.data[1]?.id ?? '' })).data;
    expect([back?.has_more, back?.data.map(({ email }) => email)]).toEqual([true, [emails[3], emails[2]]]);
    const newest = (await resend.suppressions.list({ limit: 10, before: second?.data[0]?.id ?? '' })).data;
    expect([newest?.has_more, newest?.data.map(({ email }) => email)]).toEqual([
      false,
      [emails[4], emails[3]],
    ]);
    expect((await resend.suppressions.list({ origin: 'bounce' })).data?.data).toEqual([]);
    expect((await resend.suppressions.list({ origin: 'manual', limit: 1 })).data?.data).toHaveLength(1);
    await resend.suppressions.batch.remove({ emails });
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'after=x',
    `after=${missingId}`,
    `before=${missingId}`,
    'origin=other',
  ])('refuse the page ?%s', async (query) => {
    expect((await customer.api('GET', `/suppressions?${query}`)).body).toMatchObject({
      statusCode: 422,
      name: 'validation_error',
    });
  });

  it('of one project are none of another', async () => {
    const id = await add('mine@example.net');
    const foreign = new Resend(stranger.key, { baseUrl: stack.api });
    for (const key of [id, 'mine@example.net']) {
      expect((await foreign.suppressions.get(key)).error).toMatchObject({ statusCode: 404 });
      expect((await foreign.suppressions.remove(key)).error).toMatchObject({ statusCode: 404 });
    }
    expect((await foreign.suppressions.batch.remove({ ids: [id] })).data).toEqual({ data: [] });
    expect((await foreign.suppressions.list({ after: id })).error).toMatchObject({ statusCode: 422 });
    expect((await foreign.suppressions.list()).data?.data).toEqual([]);
    expect((await resend.suppressions.remove(id)).data).toMatchObject({ deleted: true });
  });

  it('keep mail from going out, tell the project, and let it go again when they are removed', async () => {
    const receiver = await Receiver.start();
    try {
      const created = await resend.webhooks.create({
        endpoint: receiver.url,
        events: ['suppression.added', 'suppression.removed', 'email.suppressed'],
      });
      expect(created.error).toBeNull();
      const id = await add('never@example.net');
      const sent = await resend.emails.send({
        from: 'hello@example.com',
        to: ['Never <NEVER@example.net>'],
        subject: 'Hello',
        text: 'Hello',
      });
      const emailId = sent.data?.id ?? '';
      await customer.untilEmail(emailId, 'suppressed');
      expect((await resend.emails.get(emailId)).data).toMatchObject({
        last_event: 'suppressed',
        to: ['Never <NEVER@example.net>'],
      });
      const some = await customer.send({ to: ['never@example.net', 'well@example.net'] });
      await customer.untilEmail(some, 'sent');
      const messages = await customer.messages();
      expect(messages.flatMap(({ to }) => to).filter((to) => to.includes('never'))).toEqual([]);
      expect(messages.flatMap(({ to }) => to)).toContain('well@example.net');
      await resend.suppressions.remove(id);
      await customer.untilEmail(await customer.send({ to: ['never@example.net'] }), 'sent');
      const events = await until('webhooks', async () => receiver.events.length >= 4 && receiver.events);
      const item = {
        id,
        email: 'never@example.net',
        origin: 'manual',
        source_id: null,
        created_at: expect.any(String),
      };
      const suppressed = { type: 'Suppressed', message: expect.any(String), reason: 'manual' };
      expect(events.map(({ type, data }) => ({ type, data }))).toEqual(
        expect.arrayContaining([
          { type: 'suppression.added', data: item },
          { type: 'suppression.removed', data: item },
          {
            type: 'email.suppressed',
            data: expect.objectContaining({ email_id: emailId, to: ['never@example.net'], suppressed }),
          },
          {
            type: 'email.suppressed',
            data: expect.objectContaining({ email_id: some, to: ['never@example.net'], suppressed }),
          },
        ]),
      );
    } finally {
      await receiver.stop();
    }
  });

  describe('whole lists', () => {
    const lists = () => `/v1/projects/${customer.projectId}/suppressions`;
    const load = (body: string, contentType: string, key = customer.key) =>
      call(stack.api, key, 'POST', `${lists()}/import`, body, { 'content-type': contentType });
    const csv = async (
      key = customer.key,
    ): Promise<{ status: number; type: string | null; lines: string[] }> => {
      const answer = await fetch(`${stack.api}${lists()}/export`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return {
        status: answer.status,
        type: answer.headers.get('content-type'),
        lines: (await answer.text()).split('\n'),
      };
    };

    it('are imported as CSV and JSON lines, with any key that manages the project, and exported again', async () => {
      const rows = Array.from({ length: 12_000 }, (_, index) => `user${index}@example.net,bounce`);
      expect((await load(`email,origin\n${rows.join('\n')}\nnobody,\n`, 'text/csv')).body).toEqual({
        object: 'suppression_import',
        added: 12_000,
        existing: 0,
        invalid: 1,
        problems: [{ line: 12_002, message: 'Not an email address.' }],
      });
      const json = '{"email":"USER1@example.net"}\n{"email":"json@example.net","origin":"complaint"}';
      expect((await load(json, 'application/x-ndjson', stack.organization.key)).body).toMatchObject({
        added: 1,
        existing: 1,
        invalid: 0,
      });
      const { status, type, lines } = await csv(stack.organization.key);
      expect([status, type]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(lines[0]).toBe('email,origin,source_id,created_at');
      expect(lines[1]).toMatch(/^json@example\.net,complaint,,\d{4}-.*Z$/);
      expect(new Set(lines.slice(1, -1).map((line) => line.split(',')[0])).size).toBe(12_001);
      expect(lines).toHaveLength(12_003);
    }, 60_000);

    it.each([
      ['name,phone\na,b', 'text/csv', 422],
      ['{"email":"a@example.net"}', 'application/json', 422],
      ['', 'text/csv', 422],
      ['<a/>', 'application/xml', 400],
      ['email\n'.repeat(100_002), 'text/csv', 422],
    ])('are refused when they are none (%#)', async (body, contentType, status) => {
      expect((await load(body, contentType)).body).toMatchObject({
        statusCode: status,
        name: 'validation_error',
        message: expect.any(String),
      });
    });

    it("are nobody else's", async () => {
      expect((await load('a@example.net', 'text/csv', stranger.key)).status).toBe(404);
      expect((await csv(stranger.key)).status).toBe(404);
    });
  });
});
