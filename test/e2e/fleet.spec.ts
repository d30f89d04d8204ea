import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { backends } from '../support/stores.js';
import { until } from '../support/until.js';

describe.each(backends)('a cold fleet of 4 workers, queue on %s', (backend) => {
  let stack: Stack;
  let customer: Customer;

  beforeAll(async () => {
    stack = await startStack({ backend, workers: 4 });
    customer = await Customer.create(stack);
  }, 120_000);
  afterAll(() => stack?.close());

  it('makes exactly one AssumeRole for `send` and sends 1 000 emails once each', async () => {
    const connection = await customer.connect();
    // Cold: whatever the checks left behind is forgotten, in the database and in every process.
    await customer.api('PATCH', `/v1/connections/${connection.id}`, { session_duration_seconds: 1800 });
    await customer.untilStatus(connection.id, 'active');
    await until(
      'proven with the new duration',
      async () => (await customer.connection(connection.id)).session_duration.granted_seconds === 1800,
    );
    await customer.admin('DELETE', '/calls');
    for (let batch = 0; batch < 10; batch++) {
      const emails = Array.from({ length: 100 }, (_, index) =>
        customer.email({ to: [`p${batch}-${index}@example.net`] }),
      );
      expect((await customer.api('POST', '/emails/batch', emails)).status).toBe(200);
    }
    await until('1 000 messages', async () => (await customer.messages()).length >= 1_000, 60_000);
    const calls = await customer.admin<{ parameters: Record<string, unknown>; principal_arn: string }[]>(
      'GET',
      '/calls?service=sts&action=AssumeRole',
    );
    const forSend = calls.filter(({ parameters }) =>
      String(parameters['RoleSessionName']).startsWith('sesame-send-'),
    );
    expect(forSend).toHaveLength(1);
    expect(await customer.messages()).toHaveLength(1_000);
  }, 120_000);
});
