import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Customer, type ConnectionBody } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

/** The whole way over HTTP with the real ticker and queue: what is found, what is advised, and that the advice works. */
describe('a role', () => {
  let stack: Stack;
  let customer: Customer;

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_VERIFY_WINDOW_SECONDS: '3' } });
  }, 90_000);
  // A project of its own for each: mail goes through the only connection there is.
  beforeEach(async () => {
    customer = await Customer.create(stack);
  });
  afterAll(async () => {
    await stack?.close();
  });

  const failed = (connection: ConnectionBody) =>
    connection.checks.find((check) => check.outcome === 'failed');

  it('without a condition on the external ID is rejected; its remedy opens the way', async () => {
    const connection = await customer.newConnection();
    const { trust_policy } = await customer.kit(connection.id);
    const { Statement } = trust_policy as { Statement: { Condition?: object }[] };
    const open = { ...trust_policy, Statement: Statement.map(({ Condition: _, ...statement }) => statement) };
    const roleArn = await customer.putRole('Open', connection.id, { trust_policy: open });
    await customer.api('PATCH', `/v1/connections/${connection.id}`, { role_arn: roleArn });
    const check = failed(await customer.untilStatus(connection.id, 'rejected'));
    expect(check).toMatchObject({ name: 'refuse_without_external_id', side: 'customer' });
    if (check?.paste?.trust_policy === undefined) throw new Error('nothing to paste');
    await customer.putRole('Open', connection.id, { trust_policy: check.paste.trust_policy });
    expect((await customer.api('POST', `/v1/connections/${connection.id}/verify`)).status).toBe(202);
    await customer.untilStatus(connection.id, 'active');
    await customer.untilEmail(await customer.send(), 'sent');
  }, 60_000);

  it('that loses its permission keeps its mail, and sends it once the remedy is applied', async () => {
    const connection = await customer.connect('Denied');
    await customer.untilEmail(await customer.send(), 'sent');
    await customer.putRole('Denied', connection.id, { policies: {} });
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    const check = failed(await customer.untilStatus(connection.id, 'broken'));
    const email = await customer.send();
    expect((await customer.api('GET', `/emails/${email}`)).body['status']).toBe('queued');
    const broken = await customer.connection(connection.id);
    const permission = broken.checks.find((candidate) => candidate.name === 'permission_to_send');
    expect(check).toBeDefined();
    expect(permission).toMatchObject({ outcome: 'failed', side: 'customer' });
    if (permission?.paste?.permissions_policy === undefined) throw new Error('nothing to paste');
    await customer.putRole('Denied', connection.id, {
      policies: { send: permission.paste.permissions_policy },
    });
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    await customer.untilStatus(connection.id, 'active');
    await customer.untilEmail(email, 'sent');
  }, 60_000);

  it('goes through a rotation of its external ID while it sends', async () => {
    const connection = await customer.connect('Rotating');
    const rotated = (
      await customer.api<ConnectionBody>('POST', `/v1/connections/${connection.id}/rotate-external-id`)
    ).body;
    expect(rotated).toMatchObject({ status: 'active', external_id: connection.external_id });
    await customer.putRole('Rotating', connection.id);
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    await until(
      'new ID in force',
      async () => (await customer.connection(connection.id)).external_id === rotated.pending_external_id,
    );
    await customer.putRole('Rotating', connection.id);
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    await until('old ID refused', async () =>
      (await customer.connection(connection.id)).checks.every((check) => check.outcome === 'passed'),
    );
    await customer.untilEmail(await customer.send(), 'sent');
  }, 60_000);
});
