import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { Customer, type ConnectionBody } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { backends } from '../support/stores.js';
import { until } from '../support/until.js';

describe.each(backends)('sending through a connected role, queue on %s', (backend) => {
  let stack: Stack;
  let customer: Customer;
  let connection: ConnectionBody;
  let resend: Resend;

  beforeAll(async () => {
    stack = await startStack({ backend });
    customer = await Customer.create(stack);
    connection = await customer.connect();
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(() => stack?.close());

  it('is ready once a worker has been seen', async () => {
    const answer = await until('ready', async () => {
      const response = await fetch(`${stack.api}/health/ready`);
      return response.status === 200 ? ((await response.json()) as object) : undefined;
    });
    expect(answer).toMatchObject({
      status: 'ok',
      missing: [],
      database: { status: 'ok' },
      queue: { status: 'ok' },
      worker: { status: 'ok' },
    });
  });

  it('shows all eight checks passed', () => {
    expect(connection.checks.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['platform_principal', 'passed'],
      ['role_arn', 'passed'],
      ['assume_with_external_id', 'passed'],
      ['refuse_without_external_id', 'passed'],
      ['refuse_wrong_external_id', 'passed'],
      ['session_duration', 'passed'],
      ['ses_account', 'passed'],
      ['permission_to_send', 'passed'],
    ]);
    expect(connection.ses).toMatchObject({
      production_access: true,
      sending_enabled: true,
      max_send_rate: 10_000,
    });
  });

  it('proved the permission without sending to anybody', async () => {
    expect(await customer.messages()).toEqual([]);
  });

  it('sends one email with the unmodified resend SDK, by the assumed role', async () => {
    const { data, error } = await resend.emails.send({
      from: 'Åsa Sender <hello@example.com>',
      to: ['success@simulator.amazonses.com'],
      cc: 'cc@example.net',
      bcc: ['bcc@example.net'],
      replyTo: 'answers@example.com',
      subject: 'Grüße',
      html: '<p>Hello</p>',
      text: 'Hello',
      headers: { 'X-Entity-Ref-ID': '42' },
      tags: [{ name: 'category', value: 'welcome' }],
      attachments: [{ filename: 'note.txt', content: Buffer.from('attached') }],
    });
    expect(error).toBeNull();
    const id = data?.id ?? '';
    const email = await customer.untilEmail(id, 'sent');
    expect(email).toMatchObject({
      object: 'email',
      from: 'Åsa Sender <hello@example.com>',
      to: ['success@simulator.amazonses.com'],
      cc: ['cc@example.net'],
      bcc: ['bcc@example.net'],
      reply_to: ['answers@example.com'],
      subject: 'Grüße',
      html: '<p>Hello</p>',
      text: 'Hello',
      last_event: 'sent',
      connection_id: connection.id,
      attempts: 1,
      error: null,
      tags: [{ name: 'category', value: 'welcome' }],
    });
    const [message] = await customer.messages();
    expect(message?.message_id).toBe(email['ses_message_id']);
    expect(message?.principal_arn).toMatch(/^arn:aws:sts::444455556666:assumed-role\/Sender\/sesame-send-/);
    expect(JSON.stringify(message)).toContain(id);
    const { data: read } = await resend.emails.get(id);
    expect(read).toMatchObject({ id, last_event: 'sent', to: ['success@simulator.amazonses.com'] });
  });

  it('sends a batch of 100 with the unmodified resend SDK, in the order of the request', async () => {
    const batch = Array.from({ length: 100 }, (_, index) => ({
      from: 'hello@example.com',
      to: `person-${index}@example.net`,
      subject: `Number ${index}`,
      text: 'Hello',
    }));
    const { data, error } = await resend.batch.send(batch);
    expect(error).toBeNull();
    const ids = data?.data.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(100);
    await Promise.all(ids.map((id) => customer.untilEmail(id, 'sent')));
    const third = await customer.api('GET', `/emails/${ids[2]}`);
    expect(third.body).toMatchObject({ subject: 'Number 2', to: ['person-2@example.net'] });
  });

  it('takes the valid ones of a permissive batch and says what is wrong with the others', async () => {
    const { data } = await resend.batch.send(
      [
        { from: 'hello@example.com', to: 'a@example.net', subject: 'ok', text: 'x' },
        { from: 'hello@example.com', to: 'not an address', subject: 'bad', text: 'x' },
      ],
      { batchValidation: 'permissive' },
    );
    expect(data?.data).toHaveLength(1);
    expect(data?.errors).toEqual([{ index: 1, message: expect.stringContaining('Invalid `to` field') }]);
  });

  it('refuses a strict batch as a whole', async () => {
    const newest = async () =>
      (await customer.api<{ data: { id: string }[] }>('GET', '/emails?limit=1')).body.data[0]?.id;
    const before = await newest();
    const { error } = await resend.batch.send([
      { from: 'hello@example.com', to: 'a@example.net', subject: 'ok', text: 'x' },
      { from: 'hello@example.com', to: 'nobody', subject: 'bad', text: 'x' },
    ]);
    expect(error).toMatchObject({ name: 'validation_error', statusCode: 422 });
    expect(await newest()).toBe(before);
  });

  it('answers a repeated idempotency key with the first answer, and refuses it for another payload', async () => {
    const key = `order-${backend}`;
    const email = { from: 'hello@example.com', to: 'a@example.net', subject: 'once', text: 'x' };
    const first = await resend.emails.send(email, { idempotencyKey: key });
    const again = await resend.emails.send(email, { idempotencyKey: key });
    expect(again.data).toEqual(first.data);
    const other = await resend.emails.send({ ...email, subject: 'twice' }, { idempotencyKey: key });
    expect(other.error).toMatchObject({ name: 'invalid_idempotent_request', statusCode: 409 });
  });

  it('makes one email of 1 000 concurrent sends with the same key', async () => {
    const body = customer.email({ subject: 'storm' });
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        customer.api<{ id: string }>('POST', '/emails', body, { 'idempotency-key': `storm-${backend}` }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 200);
    expect(answers.filter(({ status }) => ![200, 429].includes(status))).toEqual([]);
    expect(new Set(taken.map((answer) => answer.body.id)).size).toBe(1);
    const id = taken[0]?.body.id ?? '';
    await customer.untilEmail(id, 'sent');
    expect(
      (await customer.messages()).filter((message) => JSON.stringify(message).includes(id)),
    ).toHaveLength(1);
  });

  it('pages through the list', async () => {
    const first = (
      await customer.api<{ data: { id: string }[]; has_more: boolean }>('GET', '/emails?limit=10')
    ).body;
    expect(first.data).toHaveLength(10);
    expect(first.has_more).toBe(true);
    const last = first.data[9]?.id;
    const second = (await customer.api<{ data: { id: string }[] }>('GET', `/emails?limit=10&after=${last}`))
      .body;
    const back = (await customer.api<{ data: { id: string }[] }>('GET', `/emails?limit=9&before=${last}`))
      .body;
    expect(second.data[0]?.id).not.toBe(last);
    expect(back.data.map(({ id }) => id)).toEqual(first.data.slice(0, 9).map(({ id }) => id));
  });

  it('holds a scheduled email until its time, moves it, and cancels it', async () => {
    const id = await customer.send({ scheduled_at: 'in 1 hour' });
    await customer.untilEmail(id, 'scheduled');
    const { data } = await resend.emails.update({
      id,
      scheduledAt: new Date(Date.now() + 7_200_000).toISOString(),
    });
    expect(data).toMatchObject({ object: 'email', id });
    const canceled = await resend.emails.cancel(id);
    expect(canceled.data).toMatchObject({ object: 'email', id });
    expect((await customer.api('GET', `/emails/${id}`)).body).toMatchObject({
      status: 'canceled',
      last_event: 'canceled',
    });
    expect((await resend.emails.cancel(id)).error).toMatchObject({
      statusCode: 422,
      name: 'validation_error',
    });
    const soon = await customer.send({ scheduled_at: new Date(Date.now() + 1_500).toISOString() });
    await customer.untilEmail(soon, 'sent');
  });

  it('keeps the mail of a paused connection and sends it when it is resumed', async () => {
    await customer.api('PATCH', `/v1/connections/${connection.id}`, { paused: true });
    const id = await customer.send({ subject: 'patience' });
    await until(
      'deferred',
      async () =>
        (await customer.api('GET', `/emails/${id}`)).body['deferred_reason'] === 'connection_paused',
    );
    await customer.api('PATCH', `/v1/connections/${connection.id}`, { paused: false });
    await customer.untilEmail(id, 'sent');
  });

  it('fails a mail from an unverified domain and says what to do', async () => {
    const id = await customer.send({ from: 'hello@unverified.example' });
    const email = await customer.untilEmail(id, 'failed');
    expect(email['error']).toMatchObject({
      name: 'MessageRejected',
      remedy: expect.stringContaining('create-email-identity'),
    });
  });

  it('lists the sessions without a secret', async () => {
    const sessions = await customer.api<Record<string, unknown>[]>(
      'GET',
      `/v1/connections/${connection.id}/sessions`,
    );
    expect(sessions.body).toEqual([expect.objectContaining({ purpose: 'send', granted_seconds: 3600 })]);
    expect(Object.keys(sessions.body[0] ?? {}).sort()).toEqual([
      'expires_at',
      'generation',
      'granted_seconds',
      'purpose',
      'refreshed_at',
    ]);
  });

  it('sends again after its session was made worthless, without a failed email', async () => {
    await customer.admin('PUT', '/faults', [
      { service: 'ses', action: 'SendEmail', kind: 'expired_token', count: 1 },
    ]);
    const id = await customer.send({ subject: 'expired session' });
    await customer.untilEmail(id, 'sent');
    await customer.admin('DELETE', '/faults');
  });

  it('ends each process with exit code 0 on SIGTERM, and the mail accepted meanwhile is sent by the next worker', async () => {
    const worker = stack.processes.find(({ name, child }) => name === 'worker' && child.exitCode === null);
    expect(await worker?.stop()).toBe(0);
    const id = await customer.send({ subject: 'nobody there' });
    await stack.addWorker();
    await customer.untilEmail(id, 'sent');
  });
});
