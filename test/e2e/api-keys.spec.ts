import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Resend } from 'resend';
import { newId } from '#libs/crypto';
import { call, Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const missingId = '01930000-0000-7000-8000-000000000000';

describe('API keys and usage, with the Resend SDK', () => {
  let stack: Stack;
  let customer: Customer;
  let stranger: Customer;
  let resend: Resend;
  let database: pg.Client;
  let connectionId: string;

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_RATE_LIMIT: '777' } });
    customer = await Customer.create(stack);
    stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    connectionId = (await customer.connect()).id;
    resend = new Resend(customer.key, { baseUrl: stack.api });
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  });

  const clientOf = (token: string) => new Resend(token, { baseUrl: stack.api });
  const create = async (fields: object = {}): Promise<{ id: string; token: string }> => {
    const { data, error } = await resend.apiKeys.create({ name: 'Production', ...fields });
    if (data === null) throw new Error(JSON.stringify(error));
    return data;
  };
  const email = { from: 'hello@example.com', to: 'success@simulator.amazonses.com', subject: 's', text: 't' };

  it('are created, used, renamed, listed and removed', async () => {
    const created = await create();
    expect(created).toEqual({
      object: 'api_key',
      id: expect.any(String),
      token: expect.stringMatching(/^re_/),
    });
    const other = clientOf(created.token);
    expect((await other.emails.send(email)).error).toBeNull();
    expect((await resend.apiKeys.update(created.id, { name: 'Renamed' })).data).toEqual({
      object: 'api_key',
      id: created.id,
    });
    const listed = await until('use', async () => {
      const { data } = await resend.apiKeys.list();
      const key = data?.data.find(({ id }) => id === created.id);
      return key?.last_used_at != null && { key, list: data };
    });
    expect(listed.list).toMatchObject({ object: 'list', has_more: false });
    expect(listed.key).toEqual({
      id: created.id,
      name: 'Renamed',
      created_at: expect.stringMatching(/Z$/),
      last_used_at: expect.stringMatching(/Z$/),
    });
    expect((await other.apiKeys.remove(created.id)).data).toEqual({
      object: 'api_key',
      id: created.id,
      deleted: true,
    });
    expect((await other.emails.send(email)).error).toMatchObject({
      statusCode: 401,
      message: 'API key is invalid',
    });
    expect((await resend.apiKeys.remove(created.id)).error).toMatchObject({
      statusCode: 404,
      name: 'not_found',
      message: 'API key not found',
    });
  });

  it('with sending_access only send', async () => {
    const { token } = await create({ permission: 'sending_access' });
    const sender = clientOf(token);
    expect((await sender.emails.send(email)).error).toBeNull();
    for (const { error } of [
      await sender.apiKeys.list(),
      await sender.apiKeys.create({ name: 'x' }),
      await sender.usage.get(),
      await sender.suppressions.list(),
      await sender.logs.list(),
    ])
      expect(error).toMatchObject({ statusCode: 401, name: 'restricted_api_key' });
  });

  it('are bound to a domain by its id', async () => {
    const domainId = newId();
    await database.query(
      `INSERT INTO domains (id, project_id, connection_id, name, status, verifying_since) VALUES ($1, $2, $3, 'example.com', 'verified', now())`,
      [domainId, customer.projectId, connectionId],
    );
    const { token } = await create({ permission: 'sending_access', domain_id: domainId });
    const sender = clientOf(token);
    expect((await sender.emails.send(email)).error).toBeNull();
    expect((await sender.emails.send({ ...email, from: 'x@other.example' })).error).toMatchObject({
      statusCode: 403,
      name: 'restricted_api_key',
    });
    for (const key of [stranger.key, customer.key]) {
      const id = key === stranger.key ? domainId : missingId;
      expect((await clientOf(key).apiKeys.create({ name: 'x', domain_id: id })).error).toMatchObject({
        statusCode: 404,
        name: 'not_found',
        message: 'Domain not found',
      });
    }
  });

  it.each([
    ['no name', {}, 'missing_required_field', 'name'],
    ['a long name', { name: 'x'.repeat(51) }, 'validation_error', 'name'],
    ['an empty name', { name: ' ' }, 'validation_error', 'name'],
    ['another permission', { name: 'x', permission: 'admin' }, 'invalid_access', 'permission'],
    ['no domain', { name: 'x', domain_id: 'example.com' }, 'validation_error', 'domain_id'],
  ])('are refused with %s', async (_, body, name, field) => {
    const answer = await customer.api('POST', '/api-keys', body);
    expect(answer.body).toMatchObject({ statusCode: 422, name, field });
  });

  it('take null for nothing and a name of 50 characters', async () => {
    const body = { name: 'x'.repeat(50), permission: null, domain_id: null, unknown: 1 };
    expect((await customer.api('POST', '/api-keys', body)).status).toBe(201);
  });

  it('are listed page by page', async () => {
    for (let index = 0; index < 3; index++) await create({ name: `Key ${index}` });
    const page = async (query: string) =>
      (
        await customer.api<{ has_more: boolean; data: { id: string; name: string }[] }>(
          'GET',
          `/api-keys?${query}`,
        )
      ).body;
    const first = await page('limit=2');
    expect([first.has_more, first.data.map(({ name }) => name)]).toEqual([true, ['Key 2', 'Key 1']]);
    const next = await page(`limit=1&after=${first.data[1]?.id}`);
    expect([next.has_more, next.data.map(({ name }) => name)]).toEqual([true, ['Key 0']]);
    const back = await page(`limit=1&before=${next.data[0]?.id}`);
    expect([back.has_more, back.data.map(({ name }) => name)]).toEqual([true, ['Key 1']]);
    for (const query of [
      'limit=0',
      'limit=101',
      'after=x',
      `after=${missingId}`,
      `after=${missingId}&before=${missingId}`,
    ])
      expect((await customer.api('GET', `/api-keys?${query}`)).body).toMatchObject({
        name: 'validation_error',
      });
  });

  it('of one project are none of another', async () => {
    const { id } = await create();
    const foreign = clientOf(stranger.key);
    expect((await foreign.apiKeys.update(id, { name: 'x' })).error).toMatchObject({ statusCode: 404 });
    expect((await foreign.apiKeys.remove(id)).error).toMatchObject({ statusCode: 404 });
    expect((await foreign.apiKeys.list({ after: id })).error).toMatchObject({ statusCode: 422 });
    expect((await call(stack.api, stack.organization.key, 'GET', '/api-keys')).status).toBe(401);
    expect((await resend.apiKeys.remove('not-an-id')).error).toMatchObject({
      statusCode: 422,
      name: 'invalid_parameter',
    });
  });

  it('usage counts emails of the day and the month, domains, and says the rate limit', async () => {
    const foreign = clientOf(stranger.key);
    expect((await foreign.usage.get()).data).toEqual({
      object: 'usage',
      emails: {
        daily: {
          used: 0,
          limit: null,
          sent: 0,
          received: 0,
          resets_at: expect.stringMatching(/T00:00:00.000Z$/),
        },
        monthly: {
          used: 0,
          limit: null,
          sent: 0,
          received: 0,
          resets_at: expect.stringMatching(/-01T00:00:00.000Z$/),
        },
      },
      contacts: { used: 0, limit: null },
      segments: { used: 0, limit: null },
      broadcasts: { used: 0, limit: null },
      ai_credits: { used: 0, limit: null, next_increase_at: null },
      automation_runs: { used: 0, limit: null, resets_at: expect.any(String) },
      domains: { used: 0, limit: null },
      rate_limit: { limit: 777, duration: '1000ms' },
    });
    const { rows } = await database.query<{ count: string }>(
      'SELECT count(*) FROM emails WHERE project_id = $1',
      [customer.projectId],
    );
    const { data } = await resend.usage.get();
    expect(data?.emails.monthly.used).toBe(Number(rows[0]?.count));
    expect(data?.emails.monthly.used).toBeGreaterThan(1);
    expect(data?.domains.used).toBe(1);
  });
});
