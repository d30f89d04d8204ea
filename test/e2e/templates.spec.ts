import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { Customer } from '../support/customer.js';
import { order, publishTemplate } from '../support/published-template.js';
import { startStack, type Stack } from '../support/stack.js';

const missingId = '01930000-0000-7000-8000-000000000000';

describe('templates', () => {
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
  afterAll(() => stack?.close(), 30_000);

  const publish = (fields?: object) => publishTemplate(resend, fields);
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
