import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Resend } from 'resend';
import { call, Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const missingId = '01930000-0000-7000-8000-000000000000';

interface Log {
  id: string;
  endpoint: string;
  method: string;
  response_status: number;
  user_agent: string | null;
}

describe('request logs, with the Resend SDK', () => {
  let stack: Stack;
  let customer: Customer;
  let stranger: Customer;
  let resend: Resend;

  beforeAll(async () => {
    stack = await startStack();
    customer = await Customer.create(stack);
    stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    await customer.connect();
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(() => stack?.close());

  const untilLog = (what: string, isIt: (log: Log) => boolean, client = resend): Promise<Log> =>
    until(what, async () => (await client.logs.list({ limit: 100 })).data?.data.find(isIt));
  const send = async (fields: object = {}): Promise<string> => {
    const { data, error } = await resend.emails.send({
      from: 'hello@example.com',
      to: 'success@simulator.amazonses.com',
      subject: 'Hello',
      text: 'Hello',
      ...fields,
    });
    if (data === null) throw new Error(JSON.stringify(error));
    return data.id;
  };

  it('show what was asked and what was answered', async () => {
    const id = await send({
      subject: 'Logged',
      html: 'x'.repeat(5_000),
      attachments: [{ filename: 'a.txt', content: 'aGVsbG8=' }],
    });
    const item = await untilLog(
      'the send',
      ({ endpoint, method }) => endpoint === '/emails' && method === 'POST',
    );
    expect(item).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      endpoint: '/emails',
      method: 'POST',
      response_status: 200,
      user_agent: expect.stringMatching(/^resend-node:/),
      api_key_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await resend.logs.get(item.id)).data).toEqual({
      object: 'log',
      ...item,
      request_body: {
        from: 'hello@example.com',
        to: 'success@simulator.amazonses.com',
        subject: 'Logged',
        text: '[5 characters]',
        html: '[5000 characters]',
        attachments: [{ filename: 'a.txt', content: '[8 characters]' }],
      },
      response_body: { id },
    });
  });

  it('show refused requests and their errors', async () => {
    await customer.api('POST', '/emails?source=test', { to: 'a@example.net' });
    const refused = await untilLog('the refusal', (log) => log.response_status === 422);
    expect(refused.endpoint).toBe('/emails');
    expect((await resend.logs.get(refused.id)).data).toMatchObject({
      request_body: { to: 'a@example.net' },
      response_body: { statusCode: 422, name: 'missing_required_field', message: expect.any(String) },
    });
    await customer.api('POST', '/emails', '{"to":');
    const malformed = await untilLog('the malformed one', (log) => log.response_status === 400);
    expect((await resend.logs.get(malformed.id)).data).toMatchObject({
      request_body: '[not JSON]',
      response_body: { statusCode: 400, message: 'Request body must be valid JSON.' },
    });
    await resend.emails.get(missingId);
    const missing = await untilLog('the missing one', (log) => log.response_status === 404);
    expect(missing).toMatchObject({ endpoint: `/emails/${missingId}`, method: 'GET' });
    expect((await resend.logs.get(missing.id)).data).toMatchObject({ request_body: null });
  });

  it('never show a key or a secret', async () => {
    const { data } = await resend.apiKeys.create({ name: 'secretive' });
    const log = await untilLog(
      'the key',
      ({ endpoint, method }) => endpoint === '/api-keys' && method === 'POST',
    );
    expect((await resend.logs.get(log.id)).data).toMatchObject({
      request_body: { name: 'secretive' },
      response_body: { id: data?.id, token: '[redacted]' },
    });
    const webhook = await resend.webhooks.create({
      endpoint: 'https://hooks.example/x',
      events: ['email.sent'],
    });
    const made = await untilLog(
      'the webhook',
      ({ endpoint, method }) => endpoint === '/webhooks' && method === 'POST',
    );
    expect((await resend.logs.get(made.id)).data?.response_body).toMatchObject({
      signing_secret: '[redacted]',
    });
    const database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    const { rows } = await database.query('SELECT * FROM request_logs');
    await database.end();
    const text = JSON.stringify(rows);
    for (const secret of [data?.token ?? '?', customer.key, webhook.data?.signing_secret ?? '?'])
      expect(text).not.toContain(secret);
  });

  it('are listed newest first, page by page in both directions', async () => {
    const marks = ['/emails/x1', '/emails/x2', '/emails/x3'];
    for (const path of marks) await customer.api('GET', path);
    await untilLog('the last', ({ endpoint }) => endpoint === '/emails/x3');
    const ours = (await resend.logs.list({ limit: 100 })).data?.data.filter(({ endpoint }) =>
      marks.includes(endpoint),
    );
    expect(ours?.map(({ endpoint }) => endpoint)).toEqual([...marks].reverse());
    const [third, second, first] = ours?.map(({ id }) => id) ?? [];
    const after = (await resend.logs.list({ limit: 1, after: third ?? '' })).data;
    expect([after?.has_more, after?.data[0]?.id]).toEqual([true, second]);
    const before = (await resend.logs.list({ limit: 1, before: first ?? '' })).data;
    expect([before?.has_more, before?.data[0]?.id]).toEqual([true, second]);
    for (const query of [
      'limit=0',
      'limit=x',
      'before=x',
      `before=${missingId}`,
      `after=${first}&before=${first}`,
    ])
      expect((await customer.api('GET', `/logs?${query}`)).body).toMatchObject({
        statusCode: 422,
        name: 'validation_error',
      });
  });

  it('are searched by method, status, path, key and time', async () => {
    await customer.api('PATCH', '/emails/searched', {});
    const log = await untilLog('the marker', ({ endpoint }) => endpoint === '/emails/searched');
    const search = async (query: string) => {
      const { status, body } = await customer.api<{ data: Log[]; search: object }>('GET', `/logs?${query}`);
      expect([status, body.search]).toEqual([200, { looked_until: null, continues_after: null }]);
      return body.data.map(({ id }) => id);
    };
    const all = `method=PATCH&status=4xx&endpoint=/searched&since=${new Date(Date.now() - 3_600_000).toISOString()}`;
    expect(await search(all)).toEqual([log.id]);
    for (const none of [
      'status=2xx',
      'method=PUT',
      `api_key_id=${missingId}`,
      'until=2020-01-01&since=2019-01-01',
    ])
      expect(await search(`endpoint=/searched&${none}`)).toEqual([]);
    for (const [query, field] of [
      ['status=600', 'status'],
      ['method=TRACE', 'method'],
      ['since=yesterday', 'since'],
      ['since=2026-01-02&until=2026-01-01', 'until'],
    ])
      expect(await customer.api('GET', `/logs?${query}`)).toMatchObject({ status: 422, body: { field } });
  });

  it('of one project are none of another, and an organization key has none', async () => {
    const [log] = (await resend.logs.list()).data?.data ?? [];
    const foreign = new Resend(stranger.key, { baseUrl: stack.api });
    expect((await foreign.logs.get(log?.id ?? '')).error).toMatchObject({
      statusCode: 404,
      name: 'not_found',
      message: 'Log not found',
    });
    expect((await foreign.logs.get('x')).error).toMatchObject({ statusCode: 422, name: 'invalid_parameter' });
    expect((await foreign.logs.list({ after: log?.id ?? '' })).error).toMatchObject({ statusCode: 422 });
    expect((await call(stack.api, stack.organization.key, 'GET', '/logs')).status).toBe(401);
    const seen = await untilLog('own', () => true, foreign);
    expect(seen.endpoint).toMatch(/^\/logs/);
    const paths = (await foreign.logs.list({ limit: 100 })).data?.data.map(({ endpoint }) => endpoint) ?? [];
    expect(paths.filter((path) => !path.startsWith('/logs'))).toEqual([]);
  });

  it('leave out health, metrics and documentation, and requests without a key', async () => {
    for (const path of ['/health/live', '/metrics', '/openapi.json', '/docs'])
      await (await fetch(stack.api + path)).text();
    await call(stack.api, undefined, 'GET', '/emails');
    await customer.api('GET', '/emails/marker');
    await untilLog('the marker', ({ endpoint }) => endpoint === '/emails/marker');
    const database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ endpoint: string }>('SELECT DISTINCT endpoint FROM request_logs');
    await database.end();
    expect(
      rows.map(({ endpoint }) => endpoint).filter((path) => /health|metrics|openapi|docs/.test(path)),
    ).toEqual([]);
  });
});

describe('the API by itself', () => {
  let stack: Stack;
  let customer: Customer;

  beforeAll(async () => {
    stack = await startStack({ workers: 0, env: { SESAME_RATE_LIMIT: '2' } });
    customer = await Customer.create(stack);
  }, 60_000);
  afterAll(() => stack?.close());

  it('says the rate limit on every answer, errors too', async () => {
    const requests: [string, string | undefined, string, unknown, number[]][] = [
      ['GET', customer.key, '/emails', undefined, [200, 429]],
      ['POST', customer.key, '/emails', '{"to":', [400, 429]],
      ['POST', customer.key, '/emails', {}, [422, 429]],
      ['GET', undefined, '/emails', undefined, [401]],
      ['GET', 're_wrong', '/emails', undefined, [401]],
      ['GET', customer.key, '/nothing', undefined, [404]],
    ];
    for (const [method, key, path, body, statuses] of requests) {
      const { status, headers } = await call(stack.api, key, method, path, body);
      expect(statuses).toContain(status);
      expect(headers.get('ratelimit-limit')).toBe('2');
      expect(headers.get('ratelimit-policy')).toBe('2;w=1');
      expect(headers.get('ratelimit-remaining')).toMatch(/^[012]$/);
      expect(headers.get('ratelimit-reset')).toMatch(/^[01]$/);
    }
  });

  it('says when to come back', async () => {
    const { body, headers } = await until('429', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => call(stack.api, customer.key, 'GET', '/emails')),
      );
      return answers.find(({ status }) => status === 429);
    });
    expect(body).toMatchObject({ statusCode: 429, name: 'rate_limit_exceeded' });
    expect(headers.get('retry-after')).toMatch(/^[01]$/);
    expect(headers.get('ratelimit-remaining')).toBe('0');
  });

  it('asks who calls before it looks into the body', async () => {
    expect((await call(stack.api, undefined, 'POST', '/emails', '{"to":')).body).toMatchObject({
      statusCode: 401,
      name: 'missing_api_key',
    });
  });

  it('stores what it has logged before it ends', async () => {
    await customer.api('GET', '/emails/last-words');
    expect(await stack.processes[0]?.stop('SIGTERM')).toBe(0);
    const database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    const { rowCount } = await database.query(
      `SELECT 1 FROM request_logs WHERE endpoint = '/emails/last-words'`,
    );
    await database.end();
    expect(rowCount).toBe(1);
  });
});
