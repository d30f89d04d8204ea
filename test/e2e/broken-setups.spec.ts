import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { paste } from '../support/paste.js';
import { Customer, region, type Check, type ConnectionBody, type RoleFields } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

/**
 * Ten set-ups as customers break them. Each shows a diagnosis of its own, and what it says to paste is run in bash as it stands,
 * after which mail goes out.
 */
describe('a broken set-up is told apart and mended by its remedy:', () => {
  let stack: Stack;
  let accounts = 444455550000;

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_VERIFY_WINDOW_SECONDS: '3' } });
  }, 120_000);
  afterAll(async () => {
    await stack?.close();
  }, 30_000);

  // An AWS account of its own for each: what is broken in one says nothing about another.
  const newCustomer = () => Customer.create(stack, String(++accounts));
  const roleName = 'Sesame';

  /** A connection whose role is as `change` makes it out of what the kit says. */
  async function enter(
    customer: Customer,
    change: (kit: { trust_policy: object; permissions_policy: object }) => RoleFields,
    roleArn?: string,
  ): Promise<string> {
    const { id } = await customer.newConnection();
    const made = await customer.putRole(roleName, id, change(await customer.kit(id)));
    const role_arn = roleArn ?? made;
    expect((await customer.api('PATCH', `/v1/connections/${id}`, { role_arn })).status).toBe(200);
    return id;
  }

  async function checkOf(customer: Customer, id: string, name: string): Promise<Check> {
    const check = (await customer.connection(id)).checks.find((one) => one.name === name);
    if (check === undefined) throw new Error(`no check ${name}`);
    return check;
  }

  /** Pastes the remedy of a check, has the role proven again, and sends. */
  async function mend(customer: Customer, id: string, check: Check): Promise<void> {
    const cli = check.paste?.cli ?? '';
    expect(check.remedy).toContain(cli);
    await paste(cli, stack.sandbox.url, customer.account);
    await proveAndSend(customer, id);
  }

  async function proveAndSend(customer: Customer, id: string): Promise<void> {
    expect((await customer.api('POST', `/v1/connections/${id}/verify`)).status).toBe(202);
    await customer.untilStatus(id, 'active');
    await customer.untilEmail(await customer.send(), 'sent');
  }

  const failing = (connection: ConnectionBody) =>
    connection.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);

  /** The trust policy of the kit with another statement in it. */
  const trusting = (trust: object, change: object): object => {
    const [statement] = (trust as { Statement: object[] }).Statement;
    return { ...trust, Statement: [{ ...statement, ...change }] };
  };

  it('1. no condition on the external ID', async () => {
    const customer = await newCustomer();
    const id = await enter(customer, ({ trust_policy }) => ({
      trust_policy: trusting(trust_policy, { Condition: undefined }),
    }));
    expect(failing(await customer.untilStatus(id, 'rejected'))).toEqual(['refuse_without_external_id']);
    const check = await checkOf(customer, id, 'refuse_without_external_id');
    expect(check).toMatchObject({
      side: 'customer',
      detail: expect.stringContaining('opens without any external ID'),
    });
    await mend(customer, id, check);
  }, 60_000);

  it('2. another external ID', async () => {
    const customer = await newCustomer();
    const id = await enter(customer, ({ trust_policy }) => ({
      trust_policy: trusting(trust_policy, {
        Condition: { StringEquals: { 'sts:ExternalId': 'somebody-elses' } },
      }),
    }));
    expect(failing(await customer.untilStatus(id, 'rejected'))).toEqual(['assume_with_external_id']);
    const check = await checkOf(customer, id, 'assume_with_external_id');
    expect(check).toMatchObject({
      side: 'customer',
      detail: expect.stringContaining('may require another external ID'),
    });
    expect(check.remedy).toContain((await customer.connection(id)).external_id);
    await mend(customer, id, check);
  }, 60_000);

  it('3. another account: the role is not where its ARN says', async () => {
    const customer = await newCustomer();
    const typo = await newCustomer();
    const id = await enter(customer, () => ({}), `arn:aws:iam::${typo.account}:role/${roleName}`);
    expect(failing(await customer.untilStatus(id, 'rejected'))).toEqual(['assume_with_external_id']);
    const check = await checkOf(customer, id, 'assume_with_external_id');
    expect(check).toMatchObject({ side: 'customer', detail: expect.stringContaining('may not exist') });
    // The remedy names the account that was entered, which is how the slip is seen; the role is made there, or the ARN corrected.
    expect(check.remedy).toContain(`in account ${typo.account}`);
    await paste(check.paste?.cli ?? '', stack.sandbox.url, typo.account);
    await proveAndSend(customer, id);
    const role_arn = `arn:aws:iam::${customer.account}:role/${roleName}`;
    await customer.api('PATCH', `/v1/connections/${id}`, { role_arn });
    await customer.untilStatus(id, 'active');
    await customer.untilEmail(await customer.send(), 'sent');
  }, 60_000);

  it("3. another account: the trust policy names somebody else's", async () => {
    const customer = await newCustomer();
    const id = await enter(customer, ({ trust_policy }) => ({
      trust_policy: trusting(trust_policy, { Principal: { AWS: 'arn:aws:iam::999988887777:root' } }),
    }));
    expect(failing(await customer.untilStatus(id, 'rejected'))).toEqual(['assume_with_external_id']);
    const check = await checkOf(customer, id, 'assume_with_external_id');
    expect(check).toMatchObject({
      side: 'customer',
      detail: expect.stringContaining('may not trust Sesame'),
    });
    await mend(customer, id, check);
  }, 60_000);

  it('4. a missing permission', async () => {
    const customer = await newCustomer();
    const id = await enter(customer, ({ permissions_policy }) => ({
      policies: {
        send: JSON.parse(
          JSON.stringify(permissions_policy).replace('"ses:SendRawEmail"', '"ses:Nothing"'),
        ) as object,
      },
    }));
    expect(failing(await customer.untilStatus(id, 'degraded'))).toEqual(['permission_to_send']);
    const check = await checkOf(customer, id, 'permission_to_send');
    expect(check).toMatchObject({
      side: 'customer',
      detail: expect.stringMatching(/does not allow ses:SendRawEmail on arn:aws:ses:eu-west-1:.*:identity/),
    });
    await mend(customer, id, check);
  }, 60_000);

  it('5. SES in another region: the rights are for that region', async () => {
    const customer = await newCustomer();
    const id = await enter(customer, ({ permissions_policy }) => ({
      policies: {
        send: JSON.parse(JSON.stringify(permissions_policy).replaceAll(region, 'us-east-1')) as object,
      },
    }));
    expect(failing(await customer.untilStatus(id, 'degraded'))).toEqual(['permission_to_send']);
    const check = await checkOf(customer, id, 'permission_to_send');
    expect(check).toMatchObject({
      side: 'customer',
      detail: expect.stringContaining(`arn:aws:ses:${region}:`),
    });
    await mend(customer, id, check);
  }, 60_000);

  it('5. SES in another region: identity and production access are there', async () => {
    const customer = await newCustomer();
    const elsewhere = 'us-east-1';
    await customer.admin(
      'DELETE',
      `/accounts/${customer.account}/regions/${region}/identities/${customer.domain}`,
    );
    await customer.ses({ production_access: false });
    await customer.admin(
      'PUT',
      `/accounts/${customer.account}/regions/${elsewhere}/identities/${customer.domain}`,
      {
        verified: true,
      },
    );
    await customer.admin('PATCH', `/accounts/${customer.account}/regions/${elsewhere}/ses`, {
      production_access: true,
    });
    const id = await enter(customer, () => ({}));
    await customer.untilStatus(id, 'active');
    const check = await checkOf(customer, id, 'ses_account');
    expect(check).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('is in the sandbox'),
      remedy: expect.stringContaining('create a connection for that region'),
    });
    const email = await customer.untilEmail(await customer.send(), 'failed');
    expect(email['error']).toMatchObject({
      name: 'MessageRejected',
      message: expect.stringContaining('in region EU-WEST-1'),
      remedy: expect.stringContaining('send through a connection for that region'),
    });
    await customer.api('DELETE', `/v1/connections/${id}`);
    const { body: right } = await customer.api<ConnectionBody>(
      'POST',
      `/v1/projects/${customer.projectId}/connections`,
      { region: elsewhere },
    );
    const role_arn = await customer.putRole('Elsewhere', right.id);
    await customer.api('PATCH', `/v1/connections/${right.id}`, { role_arn });
    await customer.untilStatus(right.id, 'active');
    await customer.untilEmail(await customer.send({ to: ['somebody@example.net'] }), 'sent');
  }, 60_000);

  it('6. no production access', async () => {
    const customer = await newCustomer();
    await customer.ses({ production_access: false });
    const id = await enter(customer, () => ({}));
    await customer.untilStatus(id, 'active');
    const check = await checkOf(customer, id, 'ses_account');
    expect(check).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('it sends only to verified addresses'),
      remedy: expect.stringContaining('Request production access'),
    });
    const toSomebody = { to: ['somebody@example.net'] };
    const email = await customer.untilEmail(await customer.send(toSomebody), 'failed');
    expect(email['error']).toMatchObject({
      name: 'MessageRejected',
      message: expect.stringContaining('somebody@example.net'),
      remedy: expect.stringContaining('request production access'),
    });
    // AWS decides about that request; no command grants it.
    await customer.ses({ production_access: true });
    await customer.untilEmail(await customer.send(toSomebody), 'sent');
    await customer.api('POST', `/v1/connections/${id}/verify`);
    await until('production shown', async () => {
      const { detail, remedy } = await checkOf(customer, id, 'ses_account');
      return detail.includes('sends in production') && remedy === null;
    });
  }, 60_000);

  it('7. paused sending', async () => {
    const customer = await newCustomer();
    await customer.ses({ sending_enabled: false });
    const id = await enter(customer, () => ({}));
    expect(failing(await customer.untilStatus(id, 'degraded'))).toEqual(['ses_account']);
    const check = await checkOf(customer, id, 'ses_account');
    expect(check).toMatchObject({
      side: 'customer',
      detail: expect.stringContaining('Sending is switched off'),
    });
    const refused = await customer.send();
    await until('refused by SES', async () => {
      const { body } = await customer.api('GET', `/emails/${refused}`);
      return (body['error'] as { name: string } | null)?.name === 'SendingPausedException';
    });
    // The lane rests after such a refusal. The check that passes wakes it; the mail that was refused keeps its own minute.
    const behind = await customer.send();
    await mend(customer, id, check);
    await customer.untilEmail(behind, 'sent');
    expect((await customer.api('GET', `/emails/${refused}`)).body['status']).toMatch(
      /^(queued|sending|sent)$/,
    );
  }, 60_000);

  it('8. an unverified identity', async () => {
    const customer = await newCustomer();
    const id = await enter(customer, () => ({}));
    await customer.untilStatus(id, 'active');
    const from = { from: 'Sender <hello@unverified.example>' };
    const email = await customer.untilEmail(await customer.send(from), 'failed');
    expect(email['error']).toMatchObject({
      name: 'MessageRejected',
      message: expect.stringContaining('hello@unverified.example'),
    });
    const { remedy } = email['error'] as { remedy: string };
    const command = /`(aws [^`]+)`/.exec(remedy)?.[1] ?? '';
    expect(command).toContain(`--region ${region}`);
    await paste(command.replace('DOMAIN', 'unverified.example'), stack.sandbox.url, customer.account);
    await customer.untilEmail(await customer.send(from), 'sent');
  }, 60_000);

  it('9. a short MaxSessionDuration', async () => {
    const customer = await newCustomer();
    const id = await enter(customer, () => ({ max_session_duration: 3600 }));
    await customer.untilStatus(id, 'active');
    await customer.api('PATCH', `/v1/connections/${id}`, { session_duration_seconds: 7200 });
    expect(failing(await customer.untilStatus(id, 'degraded'))).toEqual(['session_duration']);
    const check = await checkOf(customer, id, 'session_duration');
    expect(check).toMatchObject({
      side: 'customer',
      detail: expect.stringContaining('MaxSessionDuration is below 7200 seconds'),
    });
    // It sends all the same, with shorter sessions.
    await customer.untilEmail(await customer.send(), 'sent');
    await mend(customer, id, check);
    expect((await customer.connection(id)).session_duration).toEqual({
      requested_seconds: 7200,
      granted_seconds: 7200,
      reason: null,
    });
  }, 60_000);

  it('10. a role deleted later, with a path', async () => {
    const customer = await newCustomer();
    const { id } = await customer.newConnection();
    const role = { path: '/vendors/' } as RoleFields;
    const role_arn = await customer.putRole(roleName, id, role);
    expect(role_arn).toContain(':role/vendors/');
    await customer.api('PATCH', `/v1/connections/${id}`, { role_arn });
    await customer.untilStatus(id, 'active');
    await customer.untilEmail(await customer.send(), 'sent');
    await customer.admin('DELETE', `/accounts/${customer.account}/roles/${roleName}`);
    await customer.api('POST', `/v1/connections/${id}/verify`);
    expect(failing(await customer.untilStatus(id, 'broken'))).toEqual(['assume_with_external_id']);
    const check = await checkOf(customer, id, 'assume_with_external_id');
    expect(check).toMatchObject({ side: 'customer', detail: expect.stringContaining('may not exist') });
    const waiting = await customer.send();
    await mend(customer, id, check);
    await customer.untilEmail(waiting, 'sent');
  }, 60_000);
});
