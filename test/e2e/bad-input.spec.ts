import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { call, Customer, type ConnectionBody } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

/** [what is wrong, body or field values, expected status, expected field] */
type Case = readonly [name: string, change: unknown, status: number, field: string];

const long = 'x'.repeat(3_000);

const emailCases: readonly Case[] = [
  ['no to', { to: undefined }, 422, 'to'],
  ['null to', { to: null }, 422, 'to'],
  ['empty to', { to: [] }, 422, 'to'],
  ['number to', { to: 5 }, 422, 'to'],
  ['to without a domain', { to: 'nobody' }, 422, 'to'],
  ['to with a line break', { to: 'a@example.net\r\nBcc: b@example.net' }, 422, 'to'],
  ['one bad to of many', { to: ['a@example.net', 'b@'] }, 422, 'to'],
  ['51 recipients', { to: Array.from({ length: 51 }, (_, index) => `p${index}@example.net`) }, 422, 'to'],
  ['no from', { from: undefined }, 422, 'from'],
  ['empty from', { from: '' }, 422, 'from'],
  ['from without an address', { from: 'Sender' }, 422, 'from'],
  ['from with a line break', { from: 'A\nBcc: x@example.net <a@example.com>' }, 422, 'from'],
  ['bad cc', { cc: ['a b@example.net'] }, 422, 'cc'],
  ['bad bcc', { bcc: '<>' }, 422, 'bcc'],
  ['bad reply_to', { reply_to: '@' }, 422, 'reply_to'],
  ['no subject', { subject: undefined }, 422, 'subject'],
  ['subject with a line break', { subject: 'a\r\nBcc: b@example.net' }, 422, 'subject'],
  ['neither html nor text', { html: undefined, text: undefined }, 422, 'html'],
  ['html is a number', { html: 1 }, 422, 'html'],
  ['NUL in the html', { html: 'a\u0000b' }, 422, 'html'],
  ['NUL in the text', { text: 'a\u0000b' }, 422, 'text'],
  ['headers is a list', { headers: ['x'] }, 422, 'headers'],
  ['a reserved header', { headers: { Bcc: 'x@example.net' } }, 422, 'headers.Bcc'],
  ['a header with a line break', { headers: { 'X-A': 'a\r\nBcc: b@example.net' } }, 422, 'headers.X-A'],
  ['a bad header name', { headers: { 'X A': 'a' } }, 422, 'headers.X A'],
  ['tags is an object', { tags: {} }, 422, 'tags'],
  ['a bad tag', { tags: [{ name: 'a b', value: 'x' }] }, 422, 'tags[0]'],
  ['a tag without a value', { tags: [{ name: 'a' }] }, 422, 'tags[0].value'],
  [
    '76 tags',
    { tags: Array.from({ length: 76 }, (_, index) => ({ name: `t${index}`, value: 'x' })) },
    422,
    'tags',
  ],
  ['attachments is text', { attachments: 'x' }, 422, 'attachments'],
  ['an attachment without content', { attachments: [{ filename: 'a.txt' }] }, 422, 'attachments[0]'],
  [
    'an attachment that is not base64',
    { attachments: [{ filename: 'a.txt', content: '!!' }] },
    422,
    'attachments[0].content',
  ],
  [
    'a blocked attachment',
    { attachments: [{ filename: 'a.exe', content: 'eA==' }] },
    422,
    'attachments[0].filename',
  ],
  [
    'a file name with a line break',
    { attachments: [{ filename: 'a\r\nb.txt', content: 'eA==' }] },
    422,
    'attachments[0].filename',
  ],
  [
    'a bad content_id',
    { attachments: [{ filename: 'a.png', content: 'eA==', content_id: '<a>' }] },
    422,
    'attachments[0].content_id',
  ],
  [
    'a bad content_type',
    { attachments: [{ filename: 'a.png', content: 'eA==', content_type: 'png' }] },
    422,
    'attachments[0].content_type',
  ],
  ['scheduled_at that is no time', { scheduled_at: 'whenever' }, 422, 'scheduled_at'],
  ['scheduled_at far ahead', { scheduled_at: '2099-01-01T00:00:00Z' }, 422, 'scheduled_at'],
  ['connection_id that is no id', { connection_id: 'x' }, 422, 'connection_id'],
  [
    'connection_id of nobody',
    { connection_id: '01930000-0000-7000-8000-000000000000' },
    422,
    'connection_id',
  ],
  ['expires_in of zero', { expires_in: 0 }, 422, 'expires_in'],
];

const arn = (rest: string) => `arn:aws:iam::444455556666:${rest}`;
const connectionCases: readonly Case[] = [
  ['role_arn is a number', { role_arn: 5 }, 422, 'role_arn'],
  ['role_arn is no ARN', { role_arn: 'Sender' }, 422, 'role_arn'],
  ['a user', { role_arn: arn('user/me') }, 422, 'role_arn'],
  ['the account root', { role_arn: arn('root') }, 422, 'role_arn'],
  ['an assumed role', { role_arn: 'arn:aws:sts::444455556666:assumed-role/Sender/me' }, 422, 'role_arn'],
  ['an unknown partition', { role_arn: 'arn:aws-moon:iam::444455556666:role/Sender' }, 422, 'role_arn'],
  ['another partition', { role_arn: 'arn:aws-cn:iam::444455556666:role/Sender' }, 422, 'role_arn'],
  ['the platform account', { role_arn: 'arn:aws:iam::111122223333:role/Sender' }, 422, 'role_arn'],
  ['a long ARN', { role_arn: arn(`role/${long}`) }, 422, 'role_arn'],
  ['a wildcard', { role_arn: arn('role/*') }, 422, 'role_arn'],
  ['a short session', { session_duration_seconds: 899 }, 422, 'session_duration_seconds'],
  ['a long session', { session_duration_seconds: 43_201 }, 422, 'session_duration_seconds'],
  ['a session in text', { session_duration_seconds: '3600' }, 422, 'session_duration_seconds'],
  ['no share', { capacity_share: 0 }, 422, 'capacity_share'],
  ['too large a share', { capacity_share: 1.1 }, 422, 'capacity_share'],
  ['paused in text', { paused: 'yes' }, 422, 'paused'],
  ['a fallback that is no id', { fallback_connection_id: 'x' }, 422, 'fallback_connection_id'],
  [
    'a fallback of nobody',
    { fallback_connection_id: '01930000-0000-7000-8000-000000000000' },
    422,
    'fallback_connection_id',
  ],
  ['an empty name', { name: '' }, 422, 'name'],
  ['a name with a line break', { name: 'a\nb' }, 422, 'name'],
  ["an external ID of one's own", { external_id: 'mine-1234' }, 422, 'external_id'],
];

describe('bad input', () => {
  let stack: Stack;
  let customer: Customer;
  let connection: ConnectionBody;
  let database: pg.Client;

  beforeAll(async () => {
    stack = await startStack();
    customer = await Customer.create(stack);
    connection = await customer.connect();
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  });

  const tables = [
    'emails',
    'email_contents',
    'idempotency_records',
    'projects',
    'api_keys',
    'connections',
    `audit_entries WHERE actor <> 'system'`,
  ];
  const counts = async (): Promise<Record<string, number>> => {
    const all: Record<string, number> = {};
    for (const table of tables)
      all[table] = Number(
        (await database.query<{ count: string }>(`SELECT count(*) FROM ${table}`)).rows[0]?.count,
      );
    return all;
  };

  /** Refused with the field named, in the common shape, and nothing stored. */
  const expectRefusal = async (
    method: string,
    path: string,
    body: unknown,
    status: number,
    field: string | undefined,
    key = customer.key,
    headers = {},
  ) => {
    const before = await counts();
    const answer = await call(stack.api, key, method, path, body, headers);
    expect({ status: answer.status, field: answer.body['field'] }).toEqual({ status, field });
    expect(answer.body).toMatchObject({
      statusCode: status,
      name: expect.any(String),
      message: expect.any(String),
      request_id: expect.any(String),
    });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await counts()).toEqual(before);
  };

  it.each(emailCases)('POST /emails: %s', async (_, change, status, field) => {
    await expectRefusal('POST', '/emails', customer.email(change as object), status, field, customer.key, {
      'idempotency-key': 'bad-input',
    });
  });

  it.each(emailCases.filter(([, , , field]) => !field.startsWith('attachments')))(
    'POST /emails/batch: %s',
    async (_, change, status, field) => {
      await expectRefusal(
        'POST',
        '/emails/batch',
        [customer.email(), customer.email(change as object)],
        status,
        `[1].${field}`,
      );
    },
  );

  it.each<Case>([
    ['an object', {}, 422, 'body'],
    ['nothing in it', [], 422, 'body'],
    ['101 emails', Array.from({ length: 101 }, () => ({})), 422, 'body'],
    ['a number in it', [5], 422, '[0].body'],
    [
      'attachments',
      [
        {
          from: 'a@example.com',
          to: 'b@example.net',
          subject: 's',
          text: 't',
          attachments: [{ filename: 'a.txt', content: 'eA==' }],
        },
      ],
      422,
      '[0].attachments',
    ],
  ])('POST /emails/batch: %s', (_, body, status, field) =>
    expectRefusal('POST', '/emails/batch', body, status, field),
  );

  it('a batch with an unknown validation mode', () =>
    expectRefusal('POST', '/emails/batch', [customer.email()], 422, 'x-batch-validation', customer.key, {
      'x-batch-validation': 'lazy',
    }));

  it.each([
    ['an empty idempotency key', ''],
    ['a long idempotency key', 'k'.repeat(257)],
  ])('%s', (_, key) =>
    expectRefusal('POST', '/emails', customer.email(), 400, 'Idempotency-Key', customer.key, {
      'idempotency-key': key,
    }),
  );

  it.each(connectionCases)('PATCH /v1/connections/{id}: %s', (_, change, status, field) =>
    expectRefusal('PATCH', `/v1/connections/${connection.id}`, change, status, field),
  );

  it.each<Case>([
    ['no region', {}, 422, 'region'],
    ['an unknown region', { region: 'moon-1' }, 422, 'region'],
    ['another partition', { region: 'us-gov-west-1' }, 422, 'region'],
    ['region is a number', { region: 1 }, 422, 'region'],
    ['a long name', { region: 'eu-west-1', name: long }, 422, 'name'],
    ["an external ID of one's own", { region: 'eu-west-1', external_id: 'mine-1234' }, 422, 'external_id'],
  ])('POST /v1/projects/{id}/connections: %s', (_, body, status, field) =>
    expectRefusal('POST', `/v1/projects/${customer.projectId}/connections`, body, status, field),
  );

  it.each<Case>([
    ['no name', {}, 422, 'name'],
    ['an empty name', { name: ' ' }, 422, 'name'],
    ['a name that is a list', { name: [] }, 422, 'name'],
    ['a long name', { name: long }, 422, 'name'],
    ['an unknown field', { name: 'x', owner: 'me' }, 422, 'owner'],
  ])('POST /v1/projects: %s', (_, body, status, field) =>
    expectRefusal('POST', '/v1/projects', body, status, field, stack.organization.key),
  );

  it.each<Case>([
    ['an unknown delivery', { delivery: 'twice' }, 422, 'delivery'],
    ['no weight', { weight: 0 }, 422, 'weight'],
    ['too large a weight', { weight: 11 }, 422, 'weight'],
    ['content kept for no day', { content_retention_days: 0 }, 422, 'content_retention_days'],
    ['content kept too long', { content_retention_days: 3651 }, 422, 'content_retention_days'],
    ['content kept for half a day', { content_retention_days: 0.5 }, 422, 'content_retention_days'],
    ['an empty name', { name: '' }, 422, 'name'],
  ])('PATCH /v1/projects/{id}: %s', (_, body, status, field) =>
    expectRefusal('PATCH', `/v1/projects/${customer.projectId}`, body, status, field),
  );

  it.each<Case>([
    ['no name', {}, 422, 'name'],
    ['a long name', { name: 'x'.repeat(51) }, 422, 'name'],
    ['an unknown permission', { name: 'x', permission: 'root' }, 422, 'permission'],
    ['a bad domain', { name: 'x', permission: 'sending_access', domain: 'not a domain' }, 422, 'domain'],
  ])('POST /v1/projects/{id}/api-keys: %s', (_, body, status, field) =>
    expectRefusal('POST', `/v1/projects/${customer.projectId}/api-keys`, body, status, field),
  );

  it.each([
    ['/emails?limit=0', 'limit'],
    ['/emails?limit=101', 'limit'],
    ['/emails?limit=many', 'limit'],
    ['/emails?status=lost', 'status'],
    ['/emails?after=x', 'after'],
    ['/emails?before=x', 'before'],
    ['/emails?after=01930000-0000-7000-8000-000000000000', 'after'],
    [
      '/emails?after=01930000-0000-7000-8000-000000000000&before=01930000-0000-7000-8000-000000000000',
      'before',
    ],
  ])('GET %s', (path, field) => expectRefusal('GET', path, undefined, 422, field));

  it.each(['purpose=everything', 'format=yaml', 'from=a%0Ab'])('GET /v1/connections/{id}/kit?%s', (query) =>
    expectRefusal(
      'GET',
      `/v1/connections/${connection.id}/kit?${query}`,
      undefined,
      422,
      query.split('=')[0],
    ),
  );

  it.each(['/emails/x', '/v1/projects/x', '/v1/connections/x', '/v1/projects/x/connections'])(
    'GET %s: an id that is none',
    (path) => expectRefusal('GET', path, undefined, 422, 'id'),
  );

  it('a reschedule without a time', async () => {
    const id = await customer.send({ scheduled_at: 'in 2 hours' });
    await expectRefusal('PATCH', `/emails/${id}`, {}, 422, 'scheduled_at');
    await expectRefusal('PATCH', `/emails/${id}`, { scheduled_at: 'soonish' }, 422, 'scheduled_at');
  });

  it('JSON that is none', () => expectRefusal('POST', '/emails', '{"to":', 400, undefined));
  it('a text instead of an object', () => expectRefusal('POST', '/emails', '"x"', 422, 'body'));
  it('another content type', () =>
    expectRefusal('POST', '/emails', 'to=a', 400, undefined, customer.key, {
      'content-type': 'application/x-www-form-urlencoded',
    }));
  it('an unknown route', () => expectRefusal('GET', '/nothing/here', undefined, 404, undefined));
  it('no key', async () => {
    const answer = await call(stack.api, undefined, 'GET', '/emails');
    expect(answer.body).toMatchObject({
      statusCode: 401,
      name: 'missing_api_key',
      message: 'Missing API Key',
    });
  });
  it('a wrong key', async () => {
    const answer = await call(stack.api, 're_wrong', 'GET', '/emails');
    expect(answer.body).toMatchObject({
      statusCode: 401,
      name: 'validation_error',
      message: 'API key is invalid',
    });
  });

  it('accepts what SDKs send oddly: empty JSON bodies, bodies on GET, doubled slashes', async () => {
    const id = await customer.send({ scheduled_at: 'in 3 hours' });
    const cancel = await fetch(`${stack.api}//emails/${id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${customer.key}`, 'content-type': 'application/json' },
    });
    expect(cancel.status).toBe(200);
  });
});
