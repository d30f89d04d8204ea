import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { Ledger, sendBatches, timesSent } from '../support/outcome.js';
import { startStack, type Stack } from '../support/stack.js';
import { backends } from '../support/stores.js';
import { until } from '../support/until.js';

const COUNT = 300;

describe.each(backends)('when SES misbehaves, queue on %s', (backend) => {
  let stack: Stack;
  let customer: Customer;
  let connectionId: string;
  let ledger: Ledger;

  beforeAll(async () => {
    stack = await startStack({
      backend,
      workers: 2,
      env: { SESAME_CLAIM_SECONDS: '10', SESAME_SES_TIMEOUT_SECONDS: '2', SESAME_VERIFY_WINDOW_SECONDS: '2' },
    });
    customer = await Customer.create(stack);
    connectionId = (await customer.connect()).id;
    ledger = await Ledger.open(stack.databaseUrl);
  }, 120_000);
  afterEach(async () => {
    await customer.admin('DELETE', '/faults');
    await customer.admin('DELETE', '/messages');
    await ledger.query('DELETE FROM emails');
    await ledger.query('DELETE FROM attempts');
    await ledger.query(
      'UPDATE ses_accounts SET throttled_at = NULL, rate_factor = 1, quota_blocked_until = NULL',
    );
  });
  afterAll(async () => {
    await ledger?.close();
    await stack?.close();
  });

  const fault = (fields: object) =>
    customer.admin('PUT', '/faults', [{ service: 'ses', action: 'SendEmail', ...fields }]);
  const untilSent = (count = COUNT) =>
    until(`${count} sent`, async () => (await ledger.count(`status = 'sent'`)) === count, 90_000);

  it.each([
    ['throttles', { kind: 'throttle', count: 20 }],
    ['refuses connections now and then', { kind: 'connection_reset', probability: 0.05, count: 15 }],
    ['answers 500', { kind: 'error_500', probability: 0.1, count: 20 }],
    ['forgets its sessions', { kind: 'expired_token', count: 5 }],
    ['is slow', { kind: 'latency', latency_ms: 300 }],
    ['denies access for a while', { kind: 'access_denied', count: 3 }],
  ])(
    'and %s: every email is sent, and only doubtful ones twice',
    async (_, fields) => {
      await fault(fields);
      await sendBatches(customer, COUNT);
      // Mail that went back with a long pause is asked for now: the pause is tested elsewhere.
      await until(
        'no more faults in the way',
        async () => {
          await ledger.query(
            `UPDATE emails SET due_at = now() WHERE status = 'queued' AND due_at > now() + interval '5 seconds'`,
          );
          await ledger.query('UPDATE lanes SET wake_at = now(), rest_until = NULL');
          return (await ledger.count(`status = 'sent'`)) === COUNT;
        },
        90_000,
      );
      const times = await timesSent(customer);
      const doubtful = await ledger.doubtful();
      expect(times.size).toBe(COUNT);
      expect([...times].filter(([id, count]) => count > 1 && !doubtful.has(id))).toEqual([]);
    },
    120_000,
  );

  it('and loses its answers: at_least_once sends again, at_most_once stops and says so', async () => {
    await fault({ kind: 'lost_response', count: 3 });
    await sendBatches(customer, 30);
    await until(
      'sent again',
      async () => {
        await ledger.query(`UPDATE emails SET due_at = now() WHERE status = 'queued'`);
        await ledger.query('UPDATE lanes SET wake_at = now(), rest_until = NULL');
        return (await ledger.count(`status = 'sent'`)) === 30;
      },
      60_000,
    );
    const times = await timesSent(customer);
    expect([...times.values()].filter((count) => count === 2)).toHaveLength(3);

    await customer.admin('DELETE', '/messages');
    await customer.api('PATCH', `/v1/projects/${customer.projectId}`, { delivery: 'at_most_once' });
    await fault({ kind: 'lost_response', count: 3 });
    await sendBatches(customer, 30);
    await until(
      'settled',
      async () => (await ledger.count(`status IN ('sent', 'uncertain')`)) === 60,
      60_000,
    );
    expect(await ledger.count(`status = 'uncertain'`)).toBe(3);
    expect([...(await timesSent(customer)).values()].filter((count) => count !== 1)).toEqual([]);

    // A person decides: this one again.
    const listed = await customer.api<{ data: { id: string; status: string }[] }>(
      'GET',
      '/emails?status=uncertain',
    );
    expect(listed.body.data).toHaveLength(3);
    const id = listed.body.data[0]?.id ?? '';
    expect((await customer.api('POST', `/emails/${id}/resend`)).status).toBe(200);
    await customer.untilEmail(id, 'sent');
    expect((await customer.api('POST', `/emails/${id}/resend`)).body).toMatchObject({ statusCode: 422 });
    await customer.api('PATCH', `/v1/projects/${customer.projectId}`, { delivery: 'at_least_once' });
  }, 120_000);

  it('and goes away altogether: no attempt is used up by the mail that waits, and all is sent when it is back', async () => {
    await fault({ kind: 'connection_reset' });
    await sendBatches(customer, COUNT);
    await until(
      'the breaker is open',
      async () =>
        (
          await ledger.query<{ trouble: number }>('SELECT trouble FROM lanes WHERE connection_id = $1', [
            connectionId,
          ])
        )[0]?.trouble !== 0,
    );
    expect((await customer.api('GET', `/v1/connections/${connectionId}/capacity`)).body).toMatchObject({
      blocked_reason: 'ses_unreachable',
    });
    // Most have never been tried: the breaker handed them back untouched.
    expect(await ledger.count('attempts = 0')).toBeGreaterThan(COUNT / 3);
    await customer.admin('DELETE', '/faults');
    await until(
      'all are sent',
      async () => {
        await ledger.query(`UPDATE emails SET due_at = now() WHERE status = 'queued'`);
        return (await ledger.count(`status = 'sent'`)) === COUNT;
      },
      90_000,
    );
  }, 120_000);

  it('and the 24-hour quota is used up: mail is deferred, says so, and goes when there is quota again', async () => {
    await fault({ kind: 'daily_quota', count: 1 });
    const id = await customer.send({ subject: 'over quota' });
    await until(
      'deferred',
      async () => (await customer.api('GET', `/emails/${id}`)).body['deferred_reason'] === 'deferred_quota',
    );
    const email = (await customer.api('GET', `/emails/${id}`)).body;
    expect(Date.parse(String(email['next_attempt_at']))).toBeGreaterThan(Date.now() + 60_000);
    expect(email).toMatchObject({ status: 'queued', attempts: 0 });
    expect((await customer.api('GET', `/v1/connections/${connectionId}/capacity`)).body).toMatchObject({
      blocked_reason: 'deferred_quota',
    });
    // The time passes.
    await ledger.query(`UPDATE ses_accounts SET quota_blocked_until = now()`);
    await ledger.query('UPDATE lanes SET wake_at = now(), rest_until = NULL');
    await customer.untilEmail(id, 'sent');
  }, 60_000);

  it('and the role is deleted and made again: the mail waits and goes by itself', async () => {
    await customer.admin('DELETE', `/accounts/${customer.account}/roles/Sender`);
    await sendBatches(customer, 50);
    await customer.untilStatus(connectionId, 'broken');
    expect(await ledger.count(`status = 'failed'`)).toBe(0);
    await customer.putRole('Sender', connectionId);
    await customer.api('POST', `/v1/connections/${connectionId}/verify`);
    await customer.untilStatus(connectionId, 'active');
    await untilSent(50);
  }, 120_000);

  it('and the project has consented to another way: single mails go there, batches wait', async () => {
    const fallback = await customer.connect('Spare');
    expect(
      (
        await customer.api('PATCH', `/v1/connections/${connectionId}`, {
          fallback_connection_id: fallback.id,
        })
      ).status,
    ).toBe(200);
    await customer.admin('DELETE', `/accounts/${customer.account}/roles/Sender`);
    await customer.api('POST', `/v1/connections/${connectionId}/verify`);
    await customer.untilStatus(connectionId, 'broken');
    const single = await customer.send({ subject: 'urgent', connection_id: connectionId });
    expect(await customer.untilEmail(single, 'sent')).toMatchObject({ connection_id: fallback.id });
    const batch = await customer.api<{ data: { id: string }[] }>('POST', '/emails/batch', [
      customer.email({ connection_id: connectionId }),
    ]);
    expect((await customer.api('GET', `/emails/${batch.body.data[0]?.id}`)).body).toMatchObject({
      status: 'queued',
      deferred_reason: 'connection_broken',
    });
  }, 120_000);
});
