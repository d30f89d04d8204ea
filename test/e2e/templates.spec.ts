import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { call, Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const missingId = '01930000-0000-7000-8000-000000000000';
const recipient = 'success@simulator.amazonses.com';

describe('templates', () => {
  let stack: Stack;
  let customer: Customer;
  let stranger: Customer;
  let resend: Resend;

  beforeAll(async () => {
    // Two API processes: what one publishes, the other sends.
    stack = await startStack({ apis: 2 });
    customer = await Customer.create(stack);
    stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    await customer.connect();
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(() => stack?.close(), 30_000);

  const order = {
    from: 'Shop <shop@example.com>',
    subject: 'Order {{{ID}}}',
    replyTo: 'answers@example.com',
    html: '<p>{{ITEM}} costs {{{PRICE}}}</p>',
    variables: [
      { key: 'ID', type: 'string' as const },
      { key: 'ITEM', type: 'string' as const, fallbackValue: 'Something' },
      { key: 'PRICE', type: 'number' as const, fallbackValue: 25 },
    ],
  };
  let count = 0;
  /** A published template. @returns its id and alias */
  const publish = async (fields: object = {}): Promise<{ id: string; alias: string }> => {
    const alias = `order-${(count += 1)}`;
    const { data, error } = await resend.templates
      .create({ name: alias, alias, ...order, ...fields })
      .publish();
    expect(error).toBeNull();
    return { id: data?.id ?? '', alias };
  };
  const newest = async () => (await resend.emails.list({ limit: 1 })).data?.data[0]?.id;

  it('are made, published, listed, read, changed and removed with the unmodified resend SDK', async () => {
    const created = await resend.templates.create({ name: 'Welcome', alias: 'welcome', ...order });
    expect(created.data).toEqual({ object: 'template', id: expect.any(String) });
    const id = created.data?.id ?? '';
    expect((await resend.templates.get('welcome')).data).toEqual({
      object: 'template',
      id,
      name: 'Welcome',
      alias: 'welcome',
      status: 'draft',
      published_at: null,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
      current_version_id: expect.any(String),
      has_unpublished_versions: true,
      from: 'Shop <shop@example.com>',
      subject: 'Order {{{ID}}}',
      reply_to: ['answers@example.com'],
      html: order.html,
      text: null,
      variables: [
        { key: 'ID', type: 'string', fallback_value: null },
        { key: 'ITEM', type: 'string', fallback_value: 'Something' },
        { key: 'PRICE', type: 'number', fallback_value: 25 },
      ].map((variable) => ({
        ...variable,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      })),
    });
    expect((await resend.templates.publish('welcome')).data).toEqual({ object: 'template', id });
    expect((await resend.templates.get(id)).data).toMatchObject({
      status: 'published',
      published_at: expect.stringMatching(/Z$/),
      has_unpublished_versions: false,
    });
    expect(
      (await resend.templates.update('welcome', { html: '<b>{{{ID}}}</b>', name: 'Hello' })).data,
    ).toEqual({
      object: 'template',
      id,
    });
    expect((await resend.templates.get(id)).data).toMatchObject({
      name: 'Hello',
      html: '<b>{{{ID}}}</b>',
      status: 'published',
      has_unpublished_versions: true,
    });
    const copy = await resend.templates.duplicate(id).publish();
    expect(copy.data?.id).not.toBe(id);
    const { data: list } = await resend.templates.list({ limit: 2 });
    expect(list).toEqual({
      object: 'list',
      has_more: false,
      data: [
        {
          id: copy.data?.id,
          name: 'Hello (copy)',
          alias: null,
          status: 'published',
          published_at: expect.any(String),
          created_at: expect.any(String),
          updated_at: expect.any(String),
        },
        expect.objectContaining({ id, alias: 'welcome' }),
      ],
    });
    expect((await resend.templates.list({ limit: 1, after: copy.data?.id ?? '' })).data?.data).toHaveLength(
      1,
    );
    expect((await resend.templates.remove('welcome')).data).toEqual({
      object: 'template',
      id,
      deleted: true,
    });
    expect((await resend.templates.get(id)).error).toMatchObject({
      statusCode: 404,
      name: 'not_found',
      message: 'Template not found',
    });
  });

  it('become emails by id and by alias, with fallbacks, and with what the request says instead', async () => {
    const { id, alias } = await publish();
    const byId = await resend.emails.send({
      to: recipient,
      template: { id, variables: { ID: 'A<1>', ITEM: 'Tom & Co' } },
    });
    expect(byId.error).toBeNull();
    expect(await customer.untilEmail(byId.data?.id ?? '', 'sent')).toMatchObject({
      from: 'Shop <shop@example.com>',
      reply_to: ['answers@example.com'],
      subject: 'Order A<1>',
      html: '<p>Tom &amp; Co costs 25</p>',
      // Made from the HTML, as for any email.
      text: 'Tom & Co costs 25',
    });
    const byAlias = await resend.emails.send({
      to: recipient,
      from: 'Other <other@example.com>',
      subject: 'Mine',
      replyTo: ['mine@example.com'],
      template: { id: alias, variables: { ID: '2', PRICE: 9.5, UNKNOWN: 'ignored' } },
    });
    expect(byAlias.error).toBeNull();
    expect(await customer.untilEmail(byAlias.data?.id ?? '', 'sent')).toMatchObject({
      from: 'Other <other@example.com>',
      reply_to: ['mine@example.com'],
      subject: 'Mine',
      html: '<p>Something costs 9.5</p>',
    });
  });

  it('become a batch of 100, each with its own values', async () => {
    const { alias } = await publish({ text: 'Order {{ID}}' });
    const { data, error } = await resend.batch.send(
      Array.from({ length: 100 }, (_, index) => ({
        to: `person-${index}@example.net`,
        template: { id: alias, variables: { ID: String(index) } },
      })),
    );
    expect(error).toBeNull();
    const ids = data?.data.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(100);
    expect((await resend.emails.get(ids[41] ?? '')).data).toMatchObject({
      to: ['person-41@example.net'],
      subject: 'Order 41',
      text: 'Order 41',
    });
  });

  it('send what was published last, whichever process published it', async () => {
    const { id } = await publish();
    const send = () =>
      customer.api<{ id: string }>('POST', '/emails', {
        to: recipient,
        template: { id, variables: { ID: '1' } },
      });
    // Both processes have read it.
    await Promise.all([send(), send()]);
    await resend.templates.update(id, { html: 'changed' });
    const html = async () => (await customer.api('GET', `/emails/${(await send()).body.id}`)).body['html'];
    expect([await html(), await html()]).toEqual(Array(2).fill('<p>Something costs 25</p>'));
    await resend.templates.publish(id);
    const seen = async (url: string) => {
      const sent = await call<{ id: string }>(url, customer.key, 'POST', '/emails', {
        to: recipient,
        template: { id, variables: { ID: '1' } },
      });
      return (await call(url, customer.key, 'GET', `/emails/${sent.body.id}`)).body['html'];
    };
    expect(await seen(stack.api)).toBe('changed');
    await until('the other process', async () => (await seen(stack.apis[1] ?? '')) === 'changed');
  });

  it('answer a repeated idempotency key with the first answer, though the template has gone', async () => {
    const { id } = await publish();
    const email = { to: recipient, template: { id, variables: { ID: '1' } } };
    const first = await resend.emails.send(email, { idempotencyKey: 'template-1' });
    const batch = await resend.batch.send([email], { idempotencyKey: 'template-2' });
    await resend.templates.remove(id);
    expect((await resend.emails.send(email, { idempotencyKey: 'template-1' })).data).toEqual(first.data);
    expect((await resend.batch.send([email], { idempotencyKey: 'template-2' })).data).toEqual(batch.data);
    expect((await resend.emails.send(email)).error).toMatchObject({ name: 'not_found' });
    const other = await resend.emails.send({ ...email, subject: 'x' }, { idempotencyKey: 'template-1' });
    expect(other.error).toMatchObject({ name: 'invalid_idempotent_request' });
  });

  it('refuse what cannot be sent, and nothing is sent', async () => {
    const { id } = await publish();
    const bare = await publish({ from: undefined, subject: undefined });
    const draftId = (await resend.templates.create({ name: 'draft', html: 'x' })).data?.id ?? '';
    const before = await newest();
    const ok = { to: recipient, from: 'a@example.com', subject: 's' };
    const ID = { ID: '1' };
    const cases: [string, object, number, string, string | undefined][] = [
      [
        'html beside it',
        { ...ok, html: 'x', template: { id, variables: ID } },
        422,
        'validation_error',
        'html',
      ],
      [
        'text beside it',
        { ...ok, text: '', template: { id, variables: ID } },
        422,
        'validation_error',
        'text',
      ],
      ['unknown alias', { ...ok, template: { id: 'nobody' } }, 404, 'not_found', undefined],
      ['unknown id', { ...ok, template: { id: missingId } }, 404, 'not_found', undefined],
      ['no id', { ...ok, template: {} }, 422, 'missing_required_field', 'template.id'],
      ['not an object', { ...ok, template: id }, 422, 'validation_error', 'template'],
      ['a draft', { ...ok, template: { id: draftId } }, 422, 'validation_error', 'template.id'],
      ['a variable missing', { ...ok, template: { id } }, 422, 'validation_error', 'template.variables.ID'],
      [
        'a null variable',
        { ...ok, template: { id, variables: { ID: null } } },
        422,
        'validation_error',
        'template.variables.ID',
      ],
      [
        'text for a number',
        { ...ok, template: { id, variables: { ID: '1', PRICE: '5' } } },
        422,
        'validation_error',
        'template.variables.PRICE',
      ],
      [
        'a long value',
        { ...ok, template: { id, variables: { ID: 'x'.repeat(2_001) } } },
        422,
        'validation_error',
        'template.variables.ID',
      ],
      [
        'an object as a value',
        { ...ok, template: { id, variables: { ID: {} } } },
        422,
        'validation_error',
        'template.variables.ID',
      ],
      [
        'no from',
        { to: recipient, subject: 's', template: { id: bare.id, variables: ID } },
        422,
        'missing_required_field',
        'from',
      ],
      [
        'no subject',
        { to: recipient, from: 'a@example.com', template: { id: bare.id, variables: ID } },
        422,
        'missing_required_field',
        'subject',
      ],
      ['neither template nor html', ok, 422, 'missing_required_field', 'html'],
      ['null as template', { ...ok, template: null }, 422, 'missing_required_field', 'html'],
    ];
    for (const [name, email, status, error, field] of cases) {
      const single = await customer.api('POST', '/emails', email);
      expect([name, single.status, single.body['name'], single.body['field']]).toEqual([
        name,
        status,
        error,
        field,
      ]);
      const batch = await customer.api('POST', '/emails/batch', [email]);
      expect([name, batch.status, batch.body['name'], batch.body['field']]).toEqual([
        name,
        status,
        error,
        field && `[0].${field}`,
      ]);
    }
    const permissive = await resend.batch.send(
      [
        { to: recipient, template: { id: 'nobody' } },
        { to: recipient, template: { id } },
      ],
      { batchValidation: 'permissive' },
    );
    expect(permissive.data).toEqual({
      data: [],
      errors: [
        { index: 0, message: 'Template not found' },
        { index: 1, message: 'Missing value for template variable `ID`.' },
      ],
    });
    expect(await newest()).toBe(before);
  });

  it('let no value reach into the headers', async () => {
    const { id } = await publish({
      from: '{{{NAME}}} <shop@example.com>',
      subject: 'For {{{NAME}}}',
      replyTo: '{{{BOX}}}@example.com',
      html: '{{{NAME}}}',
      variables: [
        { key: 'NAME', type: 'string' as const, fallbackValue: 'Ann' },
        { key: 'BOX', type: 'string' as const, fallbackValue: 'ann' },
      ],
    });
    const send = (variables: object, fields: object = {}) =>
      customer.api('POST', '/emails', { to: recipient, ...fields, template: { id, variables } });
    const before = await newest();
    const cases: [object, object, string][] = [
      [{ NAME: 'a\r\nBcc: evil@example.net' }, {}, 'from'],
      [{ NAME: 'a\r\nBcc: evil@example.net' }, { from: 'a@example.com' }, 'subject'],
      [{ NAME: 'a\nb' }, { from: 'a@example.com' }, 'subject'],
      [{ NAME: 'a\u0000' }, { from: 'a@example.com', subject: 's' }, 'template.variables.NAME'],
      [{ BOX: 'a\r\nBcc: evil@example.net,b' }, {}, 'reply_to'],
      [{ BOX: 'a@example.net, b' }, {}, 'reply_to'],
    ];
    for (const [variables, fields, field] of cases) {
      const answer = await send(variables, fields);
      expect([variables, answer.status, answer.body['field']]).toEqual([variables, 422, field]);
    }
    expect(await newest()).toBe(before);
    expect((await send({ NAME: 'Ann "the" Buyer, Ltd.' }, { from: 'a@example.com' })).status).toBe(200);
    // A key bound to a domain is held against the From that the template makes.
    const bound = await customer.api<{ token: string }>(
      'POST',
      `/v1/projects/${customer.projectId}/api-keys`,
      {
        name: 'bound',
        permission: 'sending_access',
        domain: 'other.example',
      },
    );
    const refused = await call(stack.api, bound.body.token, 'POST', '/emails', {
      to: recipient,
      template: { id },
    });
    expect(refused.status).toBe(403);
  });

  it('are previewed without being sent', async () => {
    const { id, alias } = await publish();
    const before = await newest();
    const preview = (body: object | undefined, named = id) =>
      customer.api('POST', `/templates/${named}/preview`, body);
    expect((await preview(undefined)).body).toEqual({
      object: 'template_preview',
      from: 'Shop <shop@example.com>',
      subject: 'Order {{{ID}}}',
      reply_to: ['answers@example.com'],
      html: '<p>Something costs 25</p>',
      text: null,
      missing: ['ID'],
    });
    await resend.templates.update(id, { html: '<i>{{ID}}</i>', text: 'Text {{ID}}' });
    expect((await preview({ variables: { ID: '<7>' } }, alias)).body).toMatchObject({
      html: '<i>&lt;7&gt;</i>',
      text: 'Text <7>',
      subject: 'Order <7>',
      missing: [],
    });
    expect((await preview({ variables: { ID: '7' }, version: 'published' })).body).toMatchObject({
      html: '<p>Something costs 25</p>',
    });
    expect((await preview({ version: 'newest' })).body).toMatchObject({ statusCode: 422, field: 'version' });
    expect((await preview({ variables: { PRICE: 'x' } })).body).toMatchObject({ field: 'variables.PRICE' });
    expect(await newest()).toBe(before);
  });

  it.each([
    ['no name', { name: undefined }, 'missing_required_field', 'name'],
    ['an empty name', { name: ' ' }, 'validation_error', 'name'],
    ['no html', { html: undefined }, 'missing_required_field', 'html'],
    ['empty html', { html: '' }, 'missing_required_field', 'html'],
    ['html that is a number', { html: 5 }, 'validation_error', 'html'],
    ['a section', { html: '{{#each x}}{{/each}}' }, 'validation_error', 'html'],
    ['a partial', { text: '{{> /etc/passwd}}' }, 'validation_error', 'text'],
    ['a call', { html: '{{constructor.constructor("return process.env")()}}' }, 'validation_error', 'html'],
    ['the prototype', { html: '{{__proto__}}' }, 'validation_error', 'html'],
    ['the environment', { html: '{{{process}}}' }, 'validation_error', 'html'],
    ['100 000 tags', { html: '{{A}}'.repeat(100_000) }, 'validation_error', 'html'],
    ['an endless tag', { html: `{{a${' '.repeat(1_000_000)}` }, 'validation_error', 'html'],
    ['two megabytes', { html: 'x'.repeat(2_000_000) }, 'validation_error', 'html'],
    ['NUL', { html: 'a\u0000' }, 'validation_error', 'html'],
    ['a line break in the subject', { subject: 'a\nb' }, 'validation_error', 'subject'],
    ['an alias with a slash', { alias: 'a/b' }, 'validation_error', 'alias'],
    ['an alias that is an id', { alias: missingId }, 'validation_error', 'alias'],
    ['variables that are an object', { variables: {} }, 'validation_error', 'variables'],
    [
      'a variable without a type',
      { variables: [{ key: 'A' }] },
      'missing_required_field',
      'variables[0].type',
    ],
    ['an unknown type', { variables: [{ key: 'A', type: 'list' }] }, 'validation_error', 'variables[0].type'],
    [
      'a reserved key',
      { variables: [{ key: 'EMAIL', type: 'string' }] },
      'validation_error',
      'variables[0].key',
    ],
    [
      'a fallback of the wrong type',
      { variables: [{ key: 'A', type: 'number', fallback_value: 'x' }] },
      'validation_error',
      'variables[0].fallback_value',
    ],
  ])('refuse %s', async (_, change, name, field) => {
    const body = { name: 'Bad', html: '<p>Hello</p>', ...change };
    const answer = await customer.api('POST', '/templates', body);
    expect([answer.status, answer.body['name'], answer.body['field']]).toEqual([422, name, field]);
    expect(JSON.stringify((await resend.templates.list({ limit: 100 })).data)).not.toContain('"Bad"');
  });

  it("are another tenant's secret: its id and alias are as unknown as any", async () => {
    const { id, alias } = await publish();
    const calls: [string, string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { name: 'taken over' }],
      ['DELETE', ''],
      ['POST', '/publish'],
      ['POST', '/duplicate'],
      ['POST', '/preview', {}],
    ];
    for (const named of [id, alias, missingId, 'nobody', '%00', '..%2f..', 'x'.repeat(90)]) {
      for (const [method, path, body] of calls) {
        const answer = await stranger.api(method, `/templates/${named}${path}`, body);
        const { request_id: _, ...rest } = answer.body;
        expect([named, method, path, rest]).toEqual([
          named,
          method,
          path,
          { statusCode: 404, name: 'not_found', message: 'Template not found' },
        ]);
      }
    }
    expect((await stranger.api<{ data: unknown[] }>('GET', '/templates')).body.data).toEqual([]);
    expect((await stranger.api('GET', `/templates?after=${id}`)).status).toBe(422);
    await stranger.connect();
    const sent = await stranger.api('POST', '/emails', stranger.email({ html: undefined, template: { id } }));
    expect(sent.body).toMatchObject({ statusCode: 404, message: 'Template not found' });
    expect((await resend.templates.get(alias)).data).toMatchObject({ id, name: alias });
  });
});
