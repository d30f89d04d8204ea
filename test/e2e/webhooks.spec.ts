import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { call, Customer } from '../support/customer.js';
import { hang, Receiver } from '../support/receiver.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const missingId = '01930000-0000-7000-8000-000000000000';

describe('webhooks', () => {
  let stack: Stack;
  let customer: Customer;
  let resend: Resend;
  const receivers: Receiver[] = [];

  beforeAll(async () => {
    stack = await startStack({
      env: {
        SESAME_OUTBOUND_ALLOW: '127.0.0.0/8',
        SESAME_WEBHOOK_TIMEOUT_SECONDS: '3',
        SESAME_VERIFY_WINDOW_SECONDS: '2',
      },
    });
    customer = await Customer.create(stack);
    await customer.connect();
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(async () => {
    await stack?.close();
    await Promise.all(receivers.map((receiver) => receiver.stop()));
  }, 30_000);

  const receive = async (): Promise<Receiver> => {
    const receiver = await Receiver.start();
    receivers.push(receiver);
    return receiver;
  };
  const create = async (endpoint: string, events: string[]): Promise<{ id: string; secret: string }> => {
    const { data, error } = await resend.webhooks.create({ endpoint, events: events as never });
    if (data === null) throw new Error(JSON.stringify(error));
    return { id: data.id, secret: data.signing_secret };
  };
  const remove = (id: string) => resend.webhooks.remove(id);
  const sendMany = async (count: number): Promise<string[]> => {
    const emails = Array.from({ length: count }, (_, index) => customer.email({ subject: `Mail ${index}` }));
    const answer = await customer.api<{ data: { id: string }[] }>('POST', '/emails/batch', emails);
    expect(answer.status).toBe(200);
    return answer.body.data.map(({ id }) => id);
  };
  const emailIds = (receiver: Receiver): Set<unknown> =>
    new Set(receiver.events.map(({ data }) => data['email_id']));

  it('is managed with the Resend SDK', async () => {
    const receiver = await receive();
    const created = await resend.webhooks.create({
      endpoint: receiver.url,
      events: ['email.sent', 'email.bounced'],
    });
    expect(created.data).toEqual({
      object: 'webhook',
      id: expect.any(String),
      signing_secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const id = created.data?.id ?? '';
    expect((await resend.webhooks.get(id)).data).toMatchObject({
      object: 'webhook',
      id,
      status: 'enabled',
      endpoint: receiver.url,
      events: ['email.sent', 'email.bounced'],
      signing_secret: created.data?.signing_secret,
    });
    const second = await create(receiver.url, ['contact.created']);
    const list = await resend.webhooks.list();
    expect(list.data).toMatchObject({ object: 'list', has_more: false });
    expect(list.data?.data.map((webhook) => webhook.id)).toEqual([second.id, id]);
    expect(JSON.stringify(list.data)).not.toContain('whsec_');
    expect((await resend.webhooks.list({ limit: 1, after: second.id })).data).toMatchObject({
      has_more: false,
      data: [{ id }],
    });
    expect((await resend.webhooks.update(id, { events: ['email.opened'], status: 'disabled' })).data).toEqual(
      {
        object: 'webhook',
        id,
      },
    );
    expect((await resend.webhooks.get(id)).data).toMatchObject({
      status: 'disabled',
      events: ['email.opened'],
      disabled_reason: 'by_request',
    });
    for (const one of [id, second.id])
      expect((await remove(one)).data).toEqual({ object: 'webhook', id: one, deleted: true });
    expect((await resend.webhooks.get(id)).error).toMatchObject({
      statusCode: 404,
      name: 'not_found',
      message: 'Webhook not found',
    });
  });

  it.each([
    [{ events: ['email.sent'] }, 'missing_required_field', 'Missing `endpoint` field.'],
    [{ endpoint: 'https://example.com/h' }, 'missing_required_field', 'Missing `events` field.'],
    [{ endpoint: 'https://example.com/h', events: [] }, 'validation_error', 'at least one event'],
    [
      { endpoint: 'https://example.com/h', events: ['email.sent', 'email.eaten'] },
      'validation_error',
      '`email.eaten`',
    ],
    [{ endpoint: 'example.com/h', events: ['email.sent'] }, 'validation_error', '`endpoint`'],
    [{ endpoint: 'ftp://example.com/h', events: ['email.sent'] }, 'validation_error', '`endpoint`'],
    [{ endpoint: 'https://me:pw@example.com/h', events: ['email.sent'] }, 'validation_error', '`endpoint`'],
    [{ endpoint: 'http://10.0.0.1/h', events: ['email.sent'] }, 'validation_error', 'public'],
    [{ endpoint: 'http://169.254.169.254/latest', events: ['email.sent'] }, 'validation_error', 'public'],
  ])('refuses %j', async (body, name, message) => {
    const answer = await customer.api('POST', '/webhooks', body);
    expect(answer.body).toMatchObject({ statusCode: 422, name, message: expect.stringContaining(message) });
  });

  it("shows another project's webhook to nobody, like one that does not exist", async () => {
    const receiver = await receive();
    const { id } = await create(receiver.url, ['email.sent']);
    const test = await customer.api('POST', `/webhooks/${id}/test`);
    const eventId = await until('the test event', async () => receiver.ids[0]);
    expect(test.body).toEqual({ object: 'webhook_event', id: eventId });
    expect(receiver.events[0]).toMatchObject({ type: 'webhook.test', data: { webhook_id: id } });
    const stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    const routes: [method: string, path: string, body?: object][] = [
      ['GET', ''],
      ['PATCH', '', { status: 'disabled' }],
      ['DELETE', ''],
      ['POST', '/signing-secret/rotate'],
      ['GET', '/events'],
      ['GET', `/events/${eventId}`],
      ['POST', `/events/${eventId}/replay`],
      ['GET', `/events/${eventId}/attempts`],
      ['POST', '/replay', { since: '2026-01-01T00:00:00Z', status: 'all' }],
      ['POST', '/test'],
    ];
    for (const [method, path, body] of routes) {
      const foreign = await stranger.api(method, `/webhooks/${id}${path}`, body);
      const missing = await stranger.api(method, `/webhooks/${missingId}${path}`, body);
      expect([method, path, foreign.status, foreign.body['message']]).toEqual([
        method,
        path,
        404,
        'Webhook not found',
      ]);
      expect({ ...missing.body, request_id: '' }).toEqual({ ...foreign.body, request_id: '' });
    }
    expect((await stranger.api<{ data: unknown[] }>('GET', '/webhooks')).body.data).toEqual([]);
    expect((await resend.webhooks.get(id)).data).toMatchObject({ status: 'enabled' });
    expect((await customer.api('GET', `/webhooks/${id}/events/msg_${missingId}`)).status).toBe(404);
    expect((await customer.api('GET', `/webhooks/${id}/events/nonsense`)).status).toBe(404);
    expect((await customer.api('GET', '/webhooks/nonsense')).body).toMatchObject({
      name: 'invalid_parameter',
    });
    const key = await customer.api<{ token: string }>('POST', `/v1/projects/${customer.projectId}/api-keys`, {
      name: 'sender',
      permission: 'sending_access',
    });
    expect((await call(stack.api, key.body.token, 'GET', '/webhooks')).body).toMatchObject({
      name: 'restricted_api_key',
    });
    await remove(id);
  });

  it('tells what becomes of an email, signed so that svix, standardwebhooks and the Resend SDK verify it', async () => {
    const receiver = await receive();
    const { id, secret } = await create(receiver.url, ['email.scheduled', 'email.sent', 'email.failed']);
    const sentId = await customer.send({ tags: [{ name: 'kind', value: 'otp' }] });
    const scheduledId = await customer.send({ scheduled_at: 'in 1 hour' });
    await until('both events', async () => receiver.requests.length === 2);
    for (const { headers, body } of receiver.requests) {
      const plain = headers as Record<string, string>;
      expect(new SvixWebhook(secret).verify(body, plain)).toEqual(JSON.parse(body));
      expect(new StandardWebhook(secret).verify(body, plain)).toEqual(JSON.parse(body));
      expect(
        resend.webhooks.verify({
          payload: body,
          headers: {
            id: plain['svix-id'] ?? '',
            timestamp: plain['svix-timestamp'] ?? '',
            signature: plain['svix-signature'] ?? '',
          },
          webhookSecret: secret,
        }),
      ).toEqual(JSON.parse(body));
      expect(() => new SvixWebhook(secret).verify(body.replace('email', 'e-mail'), plain)).toThrow();
    }
    const sent = receiver.events.find(({ type }) => type === 'email.sent');
    expect(sent?.data).toMatchObject({
      email_id: sentId,
      message_id: expect.stringMatching(/^<.+@eu-west-1\.amazonses\.com>$/),
      from: 'Sender <hello@example.com>',
      to: ['success@simulator.amazonses.com'],
      subject: 'Hello',
      tags: { kind: 'otp' },
    });
    expect(receiver.events.find(({ type }) => type === 'email.scheduled')?.data).toMatchObject({
      email_id: scheduledId,
    });
    await customer.api('POST', `/emails/${scheduledId}/cancel`);

    await customer.ses({ production_access: false });
    const failedId = await customer.send({ to: ['not-verified@example.net'] });
    const failed = await until('the failure', async () =>
      receiver.events.find(({ type }) => type === 'email.failed'),
    );
    expect(failed.data).toMatchObject({ email_id: failedId, failed: { reason: 'MessageRejected' } });
    await customer.ses({ production_access: true });
    await remove(id);
  });

  it('keeps a log of events and attempts, replays one or a time, and rotates the secret with an overlap', async () => {
    const receiver = await receive();
    receiver.answer = (_, index) => (index === 0 ? { status: 500, body: 'not now' } : 200);
    const { id, secret } = await create(receiver.url, ['email.sent']);
    const since = new Date(Date.now() - 1_000).toISOString();
    await customer.send();
    // The first fails, the second attempt comes about five seconds later.
    const [event] = await until('success', async () => {
      const { data } = await resend.webhooks.events.list({ webhookId: id });
      return data?.data[0]?.status === 'success' && data.data;
    });
    const eventId = event?.id ?? '';
    expect(eventId).toBe(receiver.ids[0]);
    expect(new Set(receiver.ids).size).toBe(1);
    const found = await resend.webhooks.events.get({ webhookId: id, eventId });
    expect(found.data).toEqual({
      object: 'webhook_event',
      id: eventId,
      type: 'email.sent',
      created_at: expect.stringMatching(/Z$/),
      status: 'success',
      next_attempt_at: null,
      payload: receiver.events[0],
    });
    const attempts = await resend.webhooks.events.attempts.list({ webhookId: id, eventId });
    expect(attempts.data?.data).toMatchObject([
      { http_status_code: 200, response: '' },
      { http_status_code: 500, response: 'not now' },
    ]);

    const rotated = await resend.webhooks.rotateSigningSecret(id);
    expect(rotated.data?.signing_secret).not.toBe(secret);
    expect((await resend.webhooks.events.replay({ webhookId: id, eventId })).data).toEqual({
      object: 'webhook_event',
      id: eventId,
    });
    const replayed = await until('the replay', async () => receiver.requests[2]);
    for (const one of [secret, rotated.data?.signing_secret ?? '']) {
      new SvixWebhook(one).verify(replayed.body, replayed.headers as Record<string, string>);
    }
    expect(replayed.body).toBe(receiver.requests[0]?.body);

    await until(
      'success again',
      async () => (await resend.webhooks.events.get({ webhookId: id, eventId })).data?.status === 'success',
    );
    expect((await customer.api('POST', `/webhooks/${id}/replay`, { since })).body).toMatchObject({
      count: 0,
    });
    expect((await customer.api('POST', `/webhooks/${id}/replay`, { since, status: 'all' })).body).toEqual({
      object: 'webhook_replay',
      webhook_id: id,
      count: 1,
      has_more: false,
      next_since: null,
    });
    await until('the replay of the range', async () => receiver.requests.length === 4);
    expect((await customer.api('POST', `/webhooks/${id}/replay`, { since: 'yesterday' })).body).toMatchObject(
      {
        statusCode: 422,
        name: 'validation_error',
      },
    );
    expect(
      (await customer.api('POST', `/webhooks/${id}/replay`, { since: '2100-01-01T00:00:00Z' })).status,
    ).toBe(422);

    await resend.webhooks.update(id, { status: 'disabled' });
    expect((await resend.webhooks.events.replay({ webhookId: id, eventId })).error).toMatchObject({
      statusCode: 422,
      message: expect.stringContaining('disabled'),
    });
    await customer.untilEmail(await customer.send(), 'sent');
    const witness = await receive();
    const other = await create(witness.url, ['email.sent']);
    await customer.send();
    await until('the other endpoint', async () => witness.requests.length > 0);
    expect(receiver.requests).toHaveLength(4);
    await remove(id);
    await remove(other.id);
  }, 60_000);

  it('lets neither a dead nor a slow endpoint delay a good one', async () => {
    const [good, slow] = [await receive(), await receive()];
    const dead = await receive();
    const deadUrl = dead.url;
    await dead.stop();
    slow.answer = hang;
    const ids = [
      await create(slow.url, ['email.sent']),
      await create(deadUrl, ['email.sent']),
      await create(good.url, ['email.sent']),
    ];
    const emails = await sendMany(60);
    await until('the good one has everything', async () => emailIds(good).size === emails.length);
    // The slow one has answered nothing by then, and still does not.
    const { data } = await resend.webhooks.events.list({ webhookId: ids[0]?.id ?? '', limit: 100 });
    expect(data?.data).toHaveLength(60);
    expect(data?.data.every(({ status }) => status === 'pending' || status === 'attempting')).toBe(true);
    expect(good.requests).toHaveLength(60);
    for (const { id } of ids) await remove(id);
  });

  it('loses nothing when the worker is killed in the middle; what comes twice has the same id', async () => {
    const receiver = await receive();
    const worker = stack.processes.find(({ name, child }) => name === 'worker' && child.exitCode === null);
    const { id } = await create(receiver.url, ['email.sent']);
    receiver.answer = (_, index) => (index < 30 ? 200 : hang());
    const emails = await sendMany(100);
    await until('some have come, some hang', async () => receiver.requests.length >= 35);
    await worker?.stop('SIGKILL');
    receiver.answer = () => 200;
    await stack.addWorker();
    await until('every email is told', async () => emailIds(receiver).size === emails.length, 60_000);
    const idsOf = new Map<unknown, Set<unknown>>();
    receiver.events.forEach(({ data }, index) => {
      const known = idsOf.get(data['email_id']) ?? new Set();
      idsOf.set(data['email_id'], known.add(receiver.ids[index]));
    });
    expect([...idsOf.values()].every((known) => known.size === 1)).toBe(true);
    await until('all are done', async () => {
      const { data } = await resend.webhooks.events.list({ webhookId: id, limit: 100 });
      return data?.data.every(({ status }) => status === 'success');
    });
    process.stderr.write(
      `kill -9 during webhooks: ${receiver.requests.length} requests for ${emails.length} events\n`,
    );
    await remove(id);
  }, 120_000);

  it('tells of a connection that stops working', async () => {
    const receiver = await receive();
    const { id } = await create(receiver.url, ['connection.broken', 'connection.active']);
    const connection = await customer.connect('Second');
    await until('active', async () => receiver.events.some(({ type }) => type === 'connection.active'));
    await customer.admin('DELETE', `/accounts/${customer.account}/roles/Second`);
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    const broken = await until(
      'broken',
      async () => receiver.events.find(({ type }) => type === 'connection.broken'),
      60_000,
    );
    expect(broken.data).toMatchObject({
      connection_id: connection.id,
      status: 'broken',
      previous_status: 'active',
      findings: [expect.objectContaining({ check: expect.any(String), remedy: expect.any(String) })],
    });
    await remove(id);
  }, 90_000);
});
