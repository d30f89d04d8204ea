import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { FeedbackCustomer } from '../support/feedback-customer.js';
import { Receiver } from '../support/receiver.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ feedback: true, workers: 1 });
}, 60_000);
afterAll(() => stack?.close(), 60_000);
const receivers: Receiver[] = [];
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});

/** What the mailbox simulator's addresses become. */
const outcomes = {
  success: 'delivered',
  bounce: 'bounced',
  complaint: 'complained',
  ooto: 'delivered',
  suppressionlist: 'suppressed',
} as const;

const modes = [
  ['pull', '444455556601'],
  ['sns', '444455556602'],
  ['eventbridge', '444455556603'],
] as const;

async function webhook(source: FeedbackCustomer): Promise<Receiver> {
  const receiver = await Receiver.start();
  receivers.push(receiver);
  const events = [
    'email.delivered',
    'email.bounced',
    'email.complained',
    'email.suppressed',
    'suppression.added',
  ];
  const made = await source.customer.api('POST', '/webhooks', { endpoint: receiver.url, events });
  expect(made.status).toBe(201);
  return receiver;
}

const told = (receiver: Receiver): { type: string; data: Record<string, unknown> }[] =>
  receiver.requests.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });

/** EventBridge needs more than the kit grants at first: each remedy is applied as it stands. */
async function applyRemedies(source: FeedbackCustomer): Promise<void> {
  const rights = await source.untilFailed('rule');
  expect(rights).toMatchObject({
    side: 'customer',
    detail: expect.stringContaining('events:CreateConnection'),
  });
  await source.allow('rules', rights.paste?.permissions_policy ?? {});
  await source.setUp('eventbridge');
  const role = await until('target role', async () => {
    const step = await source.untilFailed('rule');
    return step.detail.includes('cannot assume it') ? step : undefined;
  });
  expect(role.remedy).toContain('aws iam create-role');
  const [, name = ''] = /--role-name (\S+)/.exec(role.paste?.cli ?? '') ?? [];
  await source.customer.admin('PUT', `/accounts/${source.customer.account}/roles/${name}`, {
    trust_policy: role.paste?.trust_policy,
    policies: { call: role.paste?.permissions_policy },
  });
  await source.setUp('eventbridge');
}

describe.each(modes)('feedback in mode %s', (mode, account) => {
  let source: FeedbackCustomer;

  it('is set up by one call, step by step, and proves its way', async () => {
    source = await FeedbackCustomer.connect(stack, account);
    const begun = await source.setUp(mode);
    expect(begun).toMatchObject({ mode, status: 'setting_up' });
    expect(begun.steps.every(({ outcome }) => outcome === 'pending')).toBe(true);
    if (mode === 'eventbridge') await applyRemedies(source);
    const active = await source.untilStatus('active');
    expect(active.steps.map(({ outcome }) => outcome)).toEqual(active.steps.map(() => 'passed'));
    expect(active.steps.at(-1)?.name).toBe('path_proven');
    expect(active.endpoint_url === null).toBe(mode === 'pull');
  });

  it('brings every address of the mailbox simulator to its status, once, and tells the endpoint', async () => {
    const receiver = await webhook(source);
    const sent = await Promise.all(
      Object.entries(outcomes).map(async ([name, status]) => ({
        id: await source.customer.send({ to: [`${name}@simulator.amazonses.com`] }),
        status,
      })),
    );
    for (const { id, status } of sent) await source.customer.untilEmail(id, status);
    await until('webhooks', async () => {
      const seen = told(receiver);
      return sent.every(({ id, status }) =>
        seen.some(({ type, data }) => type === `email.${status}` && data['email_id'] === id),
      );
    });
    const { data } = (await source.customer.api<{ data: unknown[] }>('GET', '/suppressions')).body;
    expect(data).toEqual([]);
  });

  it('suppresses an address that bounced, and tells so', async () => {
    const receiver = await webhook(source);
    const id = await source.customer.send({ to: ['gone@recipient.example'] });
    await source.customer.untilEmail(id, 'delivered');
    const { message_id } = await source.messageOf(id);
    await source.customer.admin('POST', `/messages/${message_id}/events`, {
      type: 'BOUNCE',
      bounce_type: 'Permanent',
      bounce_sub_type: 'General',
      recipients: ['gone@recipient.example'],
    });
    await source.customer.untilEmail(id, 'bounced');
    await until('suppression', async () => {
      const { body } = await source.customer.api<{ data: { email: string; origin: string }[] }>(
        'GET',
        '/suppressions',
      );
      return body.data.some(({ email, origin }) => email === 'gone@recipient.example' && origin === 'bounce');
    });
    await until('webhook of the suppression', async () =>
      told(receiver).some(({ type }) => type === 'suppression.added'),
    );
    const again = await source.customer.send({ to: ['gone@recipient.example'] });
    await source.customer.untilEmail(again, 'suppressed');
  });

  it('loses nothing and tells nothing twice when events come twice, late and in disorder', async () => {
    const receiver = await webhook(source);
    await source.customer.admin('PATCH', '/events', {
      duplicate: 0.2,
      shuffle: 0.2,
      delay: 0.2,
      delay_ms: [0, 300],
      seed: 7,
    });
    try {
      const ids = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          source.customer.send({
            to: [`${index % 4 === 0 ? 'complaint' : 'success'}@simulator.amazonses.com`],
          }),
        ),
      );
      for (const [index, id] of ids.entries())
        await source.customer.untilEmail(id, index % 4 === 0 ? 'complained' : 'delivered');
      await source.customer.admin('POST', '/events/flush');
      await until('webhooks', async () => told(receiver).length >= 50);
      const keys = told(receiver).map(({ type, data }) => `${type} ${String(data['email_id'])}`);
      expect(keys.length).toBe(new Set(keys).size);
    } finally {
      await source.customer.admin('PATCH', '/events', {
        duplicate: 0,
        shuffle: 0,
        delay: 1,
        delay_ms: [0, 0],
      });
    }
  });

  it('is taken away without a trace', async () => {
    expect((await source.resources()).length).toBeGreaterThan(0);
    expect((await source.customer.api('DELETE', source.path)).status).toBe(202);
    await until('feedback gone', async () => (await source.customer.api('GET', source.path)).status === 404);
    expect(await source.resources()).toEqual([]);
    const id = await source.customer.send();
    await source.customer.untilEmail(id, 'sent');
  });
});

describe('the routes of feedback', () => {
  it('answer another project, an unknown connection and a source that is not there alike, and bad input with its field', async () => {
    const source = await FeedbackCustomer.connect(stack, '444455556606');
    const other = await Customer.create(stack, '444455556607', 'other.example');
    const unknown = '/v1/connections/019a5b1e-1234-7000-8000-0000deadbeef/feedback';
    for (const [method, body] of [
      ['GET', undefined],
      ['POST', { mode: 'pull' }],
      ['PATCH', { opens: true }],
      ['DELETE', undefined],
    ] as const) {
      const foreign = await other.api(method, source.path, body);
      const missing = await other.api(method, unknown, body);
      expect([foreign.status, foreign.body['message']]).toEqual([404, 'Connection not found']);
      expect([missing.status, missing.body['message']]).toEqual([404, 'Connection not found']);
    }
    expect((await source.customer.api('GET', source.path)).status).toBe(404);
    for (const [body, words] of [
      [{ mode: 'fax' }, 'must be pull, sns or eventbridge'],
      [{}, 'mode'],
      [
        { mode: 'pull', manual: { queue_url: 'https://sqs.eu-west-1.amazonaws.com/1/x' } },
        'manual.queue_url',
      ],
    ] as const) {
      const answer = await source.customer.api('POST', source.path, body);
      expect(answer.status).toBe(422);
      expect(answer.body['message']).toContain(words);
    }
    const kit = await source.customer.api(
      'GET',
      `/v1/connections/${source.connectionId}/kit?purpose=events&feedback=sns`,
    );
    expect([kit.status, kit.body['message']]).toEqual([409, expect.stringContaining('has not begun')]);
  });
});

describe('a configuration set that somebody deleted', () => {
  it('holds no mail up; it is shown, and one call makes it again', async () => {
    const source = await FeedbackCustomer.connect(stack, '444455556605');
    await source.setUp('pull');
    const { configuration_set } = await source.untilStatus('active');
    await source.deleteConfigurationSet(configuration_set);
    const id = await source.customer.send();
    await source.customer.untilEmail(id, 'sent');
    const broken = await source.untilStatus('broken');
    expect(broken.status_reason).toContain(`no configuration set ${configuration_set} any more`);
    await source.setUp('pull');
    await source.untilStatus('active');
    const next = await source.customer.send();
    await source.customer.untilEmail(next, 'delivered');
  });
});

describe('while every worker is down', () => {
  it('the queue keeps what happens, and nothing is missing afterwards', async () => {
    const source = await FeedbackCustomer.connect(stack, '444455556604');
    await source.setUp('pull');
    await source.untilStatus('active');
    await source.customer.admin('PATCH', '/events', { hold: true });
    const ids = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        source.customer.send({ to: [`${index % 5 === 0 ? 'bounce' : 'success'}@simulator.amazonses.com`] }),
      ),
    );
    for (const id of ids) await source.customer.untilEmail(id, 'sent');
    const workers = stack.processes.filter(({ name }) => name === 'worker');
    await Promise.all(workers.map((worker) => worker.stop()));
    // Ten minutes pass at AWS.
    await source.customer.admin('PATCH', '/settings', { signature_window_seconds: 86_400 });
    await source.customer.admin('PATCH', '/events', { hold: false });
    await source.customer.admin('POST', '/events/flush');
    await source.customer.admin('POST', '/clock', { advance_seconds: 600 });
    expect((await source.customer.api('GET', `/emails/${ids[0]}`)).body['status']).toBe('sent');
    await stack.addWorker();
    for (const [index, id] of ids.entries())
      await source.customer.untilEmail(id, index % 5 === 0 ? 'bounced' : 'delivered');
  });
});
