import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, Customer, type Answer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

const unknownId = '01930000-0000-7000-8000-000000000000';

/** What `fetch` does not send: no User-Agent, and bodies on GET and DELETE, as the Python SDK has them. */
function bare(
  url: string,
  method: string,
  key: string,
  body?: string,
): Promise<{ status: number | undefined; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': body.length }),
      },
    });
    outgoing.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: JSON.parse(text) as Record<string, unknown> }),
      );
    });
    outgoing.end(body);
  });
}

describe('the wire, as the SDKs of Resend know it', () => {
  let stack: Stack;
  let customer: Customer;
  let sendingKey: string;
  let domainKey: string;

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_MAX_BODY_MB: '1' } });
    customer = await Customer.create(stack);
    await customer.connect();
    const newKey = async (fields: object) =>
      (await customer.api<{ token: string }>('POST', `/v1/projects/${customer.projectId}/api-keys`, fields))
        .body.token;
    sendingKey = await newKey({ name: 'sends', permission: 'sending_access' });
    domainKey = await newKey({ name: 'one domain', permission: 'sending_access', domain: 'other.example' });
  }, 120_000);
  afterAll(() => stack?.close());

  const expectError = ({ status, body, headers }: Answer, expectedStatus: number, name: string) => {
    expect({ status, name: body['name'] }).toEqual({ status: expectedStatus, name });
    expect(body).toMatchObject({ statusCode: expectedStatus, message: expect.stringMatching(/.+/) });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('x-request-id')).toBe(body['request_id']);
  };

  it.each<[string, () => Promise<Answer>, number, string]>([
    ['no key', () => call(stack.api, undefined, 'GET', '/emails'), 401, 'missing_api_key'],
    ['a key of nobody', () => call(stack.api, 're_x', 'GET', '/emails'), 401, 'validation_error'],
    [
      'a sending key that reads',
      () => call(stack.api, sendingKey, 'GET', '/emails'),
      401,
      'restricted_api_key',
    ],
    [
      'a key of another domain',
      () => call(stack.api, domainKey, 'POST', '/emails', customer.email()),
      403,
      'restricted_api_key',
    ],
    ['no JSON', () => customer.api('POST', '/emails', '{"to":'), 400, 'validation_error'],
    ['no body', () => customer.api('POST', '/emails'), 422, 'missing_required_field'],
    [
      'an empty body that says it is JSON',
      () => customer.api('POST', '/emails', undefined, { 'content-type': 'application/json' }),
      422,
      'missing_required_field',
    ],
    [
      'no recipient',
      () => customer.api('POST', '/emails', customer.email({ to: null })),
      422,
      'missing_required_field',
    ],
    [
      'a bad sender',
      () => customer.api('POST', '/emails', customer.email({ from: 'x' })),
      422,
      'validation_error',
    ],
    [
      'a local part that is not ASCII',
      () => customer.api('POST', '/emails', customer.email({ to: 'ünï@example.net' })),
      422,
      'validation_error',
    ],
    [
      'an attachment of nothing',
      () => customer.api('POST', '/emails', customer.email({ attachments: [{ filename: 'a' }] })),
      422,
      'invalid_attachment',
    ],
    [
      'a long idempotency key',
      () => customer.api('POST', '/emails', customer.email(), { 'idempotency-key': 'k'.repeat(257) }),
      400,
      'invalid_idempotency_key',
    ],
    [
      'a body over the limit',
      () => customer.api('POST', '/emails', customer.email({ html: 'x'.repeat(1_100_000) })),
      413,
      'validation_error',
    ],
    ['an id that is none', () => customer.api('GET', '/emails/x'), 422, 'invalid_parameter'],
    ['an unknown id', () => customer.api('GET', `/emails/${unknownId}`), 404, 'not_found'],
    ['a bad page', () => customer.api('GET', '/emails?limit=0'), 422, 'validation_error'],
    ['a path that cannot be decoded', () => customer.api('GET', '/emails/%E0%A4%A'), 400, 'validation_error'],
    ['an unknown endpoint', () => customer.api('GET', '/nothing'), 404, 'not_found'],
    ['received emails', () => customer.api('GET', '/emails/receiving'), 404, 'not_found'],
    ['a received email', () => customer.api('GET', `/emails/receiving/${unknownId}`), 404, 'not_found'],
    [
      'sharing',
      () => customer.api('POST', `/emails/${unknownId}/share`, { expires_in: 1 }),
      404,
      'not_found',
    ],
    ['automations', () => customer.api('GET', '/automations'), 404, 'not_found'],
  ])('refuses %s in the error shape', async (_, ask, status, name) => {
    expectError(await ask(), status, name);
  });

  it.each([
    ['GET', '/emails/batch', 'POST'],
    ['DELETE', '/emails', 'GET, HEAD, POST'],
    ['PUT', '/emails', 'GET, HEAD, POST'],
    ['DELETE', `/emails/${unknownId}`, 'GET, HEAD, PATCH'],
    ['GET', `/emails/${unknownId}/cancel`, 'POST'],
    ['POST', `/emails/${unknownId}/attachments`, 'GET, HEAD'],
  ])('%s %s: the method is not allowed, and %s are', async (method, path, allowed) => {
    const answer = await customer.api(method, path);
    expectError(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allowed);
  });

  it('takes bodies on GET and DELETE, no User-Agent, doubled slashes and bodyless POSTs', async () => {
    const id = await customer.send({ scheduled_at: 'in 1 hour' });
    expect((await bare(`${stack.api}/emails/${id}`, 'GET', customer.key, '{}')).body).toMatchObject({ id });
    expect((await bare(`${stack.api}//emails/${id}`, 'GET', customer.key)).status).toBe(200);
    const key = (
      await customer.api<{ id: string }>('POST', `/v1/projects/${customer.projectId}/api-keys`, { name: 'x' })
    ).body.id;
    const removed = await bare(`${stack.api}/v1/api-keys/${key}`, 'DELETE', customer.key, '{}');
    expect(removed.body).not.toMatchObject({ name: 'validation_error' });
    const cancel = await customer.api('POST', `/emails/${id}/cancel`, undefined, {
      'content-type': 'application/json',
    });
    expect(cancel).toMatchObject({ status: 200, body: { object: 'email', id } });
  });

  it('takes the camelCase fields of old SDKs, alone and in batches', async () => {
    const old = customer.email({
      replyTo: 'old@example.com',
      scheduledAt: 'in 1 hour',
      html: '<p>Hello <a href="https://example.com">you</a></p>',
    });
    const single = await customer.api<{ id: string }>('POST', '/emails', {
      ...old,
      attachments: [{ filename: 'a.bin', content: 'aGk=', contentType: 'image/png', contentId: 'logo' }],
    });
    const batch = await customer.api<{ data: { id: string }[] }>('POST', '/emails/batch', [
      old,
      { ...old, reply_to: 'new@example.com' },
    ]);
    const ids = [single.body.id, ...batch.body.data.map(({ id }) => id)];
    const read = await Promise.all(ids.map(async (id) => (await customer.api('GET', `/emails/${id}`)).body));
    expect(read.map((email) => [email['reply_to'], email['last_event'], email['text']])).toEqual([
      [['old@example.com'], 'scheduled', 'Hello you https://example.com'],
      [['old@example.com'], 'scheduled', 'Hello you https://example.com'],
      [['new@example.com'], 'scheduled', 'Hello you https://example.com'],
    ]);
    const files = await customer.api('GET', `/emails/${ids[0]}/attachments`);
    expect(files.body).toMatchObject({
      data: [{ content_type: 'image/png', content_id: 'logo', content_disposition: 'inline' }],
    });
  });

  it('keeps 75 tags, of which SES gets the first 49 and ours', async () => {
    const tags = Array.from({ length: 75 }, (_, index) => ({ name: `t${index}`, value: 'v' }));
    const id = await customer.send({ tags });
    const email = await customer.untilEmail(id, 'sent');
    expect(email['tags']).toEqual(tags);
    const [message] = await customer.messages();
    const names = (message?.tags as { name: string }[]).map(({ name }) => name);
    expect(names).toHaveLength(50);
    expect(names).toContain('t48');
    expect(names).not.toContain('t49');
  });

  it('sends to an international domain by its ASCII name', async () => {
    const id = await customer.send({ to: ['Käufer <kasse@bücher.example>'] });
    await customer.untilEmail(id, 'sent');
    const { body } = await customer.api('GET', `/emails/${id}`);
    expect(body['to']).toEqual(['Käufer <kasse@bücher.example>']);
    const sent = (await customer.messages()).find(({ to }) => to.some((one) => one.includes('kasse')));
    expect(sent?.to).toEqual(['=?UTF-8?B?S8OkdWZlcg==?= <kasse@xn--bcher-kva.example>']);
  });
});
