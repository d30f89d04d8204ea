import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { call, Customer } from '../support/customer.js';
import { publishTemplate } from '../support/published-template.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const missingId = '01930000-0000-7000-8000-000000000000';
const recipient = 'success@simulator.amazonses.com';

describe('emails of templates', () => {
  let stack: Stack;
  let customer: Customer;
  let resend: Resend;

  beforeAll(async () => {
    // Two API processes: what one publishes, the other sends.
    stack = await startStack({ apis: 2 });
    customer = await Customer.create(stack);
    await customer.connect();
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(() => stack?.close(), 30_000);

  const publish = (fields?: object) => publishTemplate(resend, fields);
  const newest = async () => (await resend.emails.list({ limit: 1 })).data?.data[0]?.id;

  it('are made by id and by alias, with fallbacks, and with what the request says instead', async () => {
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

  it('come in a batch of 100, each with its own values', async () => {
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

  it('say what was published last, whichever process published it', async () => {
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

  it('are refused when they cannot be sent, and nothing is sent', async () => {
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

  it('have headers that no value reaches into', async () => {
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
});
