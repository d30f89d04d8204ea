import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { call, Customer, region, type ConnectionBody } from '../support/customer.js';
import { freePort, Process, startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

interface Change {
  changed_at: string;
  test_mail: { from: string; to: string } | null;
}
interface Role {
  policies: Record<string, object>;
  trust_policy: object;
  max_session_duration: number;
}

/** The route behind "Try to break it": what each scenario does to the simulated account, what the checks say, and who may. */
describe('scenarios of the sandbox', () => {
  let stack: Stack;
  let customer: Customer;
  let id: string;

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_VERIFY_WINDOW_SECONDS: '1' } });
    // The same product, and an API that knows the sandbox.
    const port = await freePort();
    const api = new Process('api', {
      ...stack.environment,
      API_PORT: String(port),
      SESAME_SANDBOX_URL: stack.sandbox.url,
    });
    stack.processes.push(api);
    await api.ready();
    sandboxApi = `http://127.0.0.1:${port}`;
    customer = await Customer.create(stack);
    id = (await customer.connect()).id;
    await customer.untilEmail(await customer.send(), 'sent');
  }, 120_000);
  afterAll(() => stack?.close(), 30_000);

  let sandboxApi: string;
  const change = (scenario: string, key = customer.key, connectionId = id) =>
    call<Change>(sandboxApi, key, 'POST', `/v1/connections/${connectionId}/sandbox`, { scenario });

  async function apply(scenario: string): Promise<Change> {
    const answer = await change(scenario);
    if (answer.status !== 202) throw new Error(`${scenario}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The connection once every check has seen the change. */
  const answered = ({ changed_at: at }: Change): Promise<ConnectionBody> =>
    until('the checks', async () => {
      const connection = (await customer.api<ConnectionBody>('GET', `/v1/connections/${id}`)).body;
      const checks = connection.checks as { outcome: string; checked_at?: string }[];
      const isDone = checks.every(
        ({ outcome, checked_at: checkedAt }) =>
          outcome !== 'pending' && Date.parse(checkedAt ?? '') >= Date.parse(at),
      );
      return isDone ? connection : undefined;
    });

  const sendTo = ({ test_mail: mail }: Change) => customer.send({ ...mail, connection_id: id });
  const role = () => customer.admin<Role>('GET', `/accounts/${customer.account}/roles/Sender`);

  it.each([
    ['delete_role', 'broken', 'assume_with_external_id', 'may not exist'],
    ['drop_external_id', 'rejected', 'refuse_without_external_id', 'without any external ID'],
    ['any_external_id', 'rejected', 'refuse_wrong_external_id', 'never issued'],
    ['remove_send_permission', 'degraded', 'permission_to_send', 'does not allow ses:SendEmail'],
    ['shorten_session', 'degraded', 'session_duration', 'MaxSessionDuration is below'],
    ['pause_sending', 'degraded', 'ses_account', 'Sending is switched off'],
  ])(
    '%s makes it %s by %s, on the customer’s side',
    async (scenario, status, name, detail) => {
      const connection = await answered(await apply(scenario));
      expect(connection.status).toBe(status);
      const failed = connection.checks.filter(({ outcome }) => outcome === 'failed');
      expect(failed).toEqual([
        expect.objectContaining({
          name,
          side: 'customer',
          detail: expect.stringContaining(detail),
          remedy: expect.any(String),
        }),
      ]);
    },
    60_000,
  );

  it('one thing at a time: the next one mends what the last one broke', async () => {
    await apply('pause_sending');
    const connection = await answered(await apply('any_external_id'));
    expect(connection.checks.find(({ outcome }) => outcome === 'failed')?.name).toBe(
      'refuse_wrong_external_id',
    );
    await apply('mend');
    await customer.untilStatus(id, 'active');
    expect((await customer.connection(id)).ses).toMatchObject({ sending_enabled: true });
  }, 60_000);

  it('leave_production passes with an advice, and SES refuses the test mail', async () => {
    const made = await apply('leave_production');
    const connection = await answered(made);
    expect(connection).toMatchObject({ status: 'active', ses: { production_access: false } });
    expect(connection.checks.find(({ name }) => name === 'ses_account')?.remedy).toContain(
      'production access',
    );
    const email = await customer.untilEmail(await sendTo(made), 'failed');
    expect(email['error']).toMatchObject({ name: 'MessageRejected', remedy: expect.any(String) });
  }, 60_000);

  it('use_up_quota keeps the test mail waiting, and mending lets it go at once', async () => {
    const made = await apply('use_up_quota');
    const connection = await answered(made);
    expect(connection.status).toBe('active');
    expect(connection.checks.find(({ name }) => name === 'ses_account')).toMatchObject({
      outcome: 'passed',
      detail: expect.stringContaining('the quota is used up'),
      remedy: expect.stringContaining('by itself'),
    });
    const waiting = await sendTo(made);
    await until('deferred', async () => {
      const { body } = await customer.api('GET', `/emails/${waiting}`);
      return body['deferred_reason'] === 'deferred_quota';
    });
    await apply('mend');
    // Without the round's fresh figures the account would rest for five minutes.
    await customer.untilEmail(waiting, 'sent');
  }, 60_000);

  it('unverify_identity fails the test mail and no check', async () => {
    const made = await apply('unverify_identity');
    const connection = await answered(made);
    expect(connection.status).toBe('active');
    const email = await customer.untilEmail(await sendTo(made), 'failed');
    expect(email['error']).toMatchObject({ message: expect.stringContaining('not verified') });
  }, 60_000);

  it('mend keeps what else the role may do, and makes a role that is gone anew', async () => {
    const own = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
    const kit = await customer.kit(id);
    await customer.putRole('Sender', id, { policies: { send: kit.permissions_policy, own } });
    await apply('remove_send_permission');
    expect(JSON.stringify((await role()).policies)).not.toContain('"ses:SendEmail"');
    await apply('mend');
    expect(await role()).toMatchObject({
      trust_policy: kit.trust_policy,
      policies: { own, 'sesame-send': kit.permissions_policy },
    });
    await apply('delete_role');
    const mended = await apply('mend');
    expect(Object.keys((await role()).policies)).toEqual(['sesame-all']);
    await customer.untilStatus(id, 'active');
    await customer.untilEmail(await sendTo(mended), 'sent');
    // Every scenario finds its way from here too: the policies fit into a role together.
    await apply('remove_send_permission');
    await apply('mend');
  }, 60_000);

  it('a domain that waits for its records stays unverified', async () => {
    await customer.api('POST', '/domains', { name: 'waiting.example.org', connection_id: id });
    await until('an identity in SES', async () => {
      const { body } = await customer.api<{ data: { name: string; status: string }[] }>('GET', '/domains');
      if (body.data.some(({ status }) => status === 'pending')) return true;
      throw new Error(JSON.stringify(body));
    });
    await apply('unverify_identity');
    await apply('mend');
    const state = await customer.admin<{
      accounts: Record<string, { regions: Record<string, { identities: Record<string, object> }> }>;
    }>('GET', '/state');
    const identities = state.accounts[customer.account]?.regions[region]?.identities ?? {};
    expect(identities[customer.domain]).toMatchObject({ verified: true });
    expect(identities['waiting.example.org']).toMatchObject({ verified: false, follows_dns: true });
  }, 60_000);

  it('names what it cannot do', async () => {
    expect(await change('sink_the_ship')).toMatchObject({ status: 422, body: { field: 'scenario' } });
    const { id: bare } = await customer.newConnection();
    expect(await change('mend', customer.key, bare)).toMatchObject({
      status: 409,
      body: { field: 'role_arn', remedy: expect.any(String) },
    });
    const empty = await Customer.create(stack, '444455559999');
    const { id: lonely } = await empty.connect();
    await empty.admin('DELETE', `/accounts/${empty.account}/regions/${region}/identities/${empty.domain}`);
    expect(await change('unverify_identity', empty.key, lonely)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('No identity is verified'), remedy: expect.any(String) },
    });
  }, 60_000);

  it('is for those who manage the connection', async () => {
    const owner = new Browser(sandboxApi);
    await owner.signUp('owner@example.org');
    const organizationId = (await owner.call('GET', '/v1/me')).body['organization_id'] as string;
    const project = (await owner.call<{ id: string }>('POST', '/v1/projects', { name: 'Ours' })).body.id;
    const path = `/v1/projects/${project}/connections`;
    const theirs = (await owner.call<{ id: string }>('POST', path, { region })).body.id;
    const as = async (role: string) => {
      const invited = await owner.call<{ token: string }>(
        'POST',
        `/v1/organizations/${organizationId}/invitations`,
        { email: `${role}@example.org`, role },
      );
      const who = new Browser(sandboxApi, { 'x-sesame-project': project });
      await who.signUp(`${role}@example.org`, { invitation: invited.body.token });
      return who.call('POST', `/v1/connections/${theirs}/sandbox`, { scenario: 'mend' });
    };
    expect((await as('viewer')).status).toBe(403);
    // Let in: what is missing is a role to break.
    expect(await as('developer')).toMatchObject({ status: 409, body: { field: 'role_arn' } });
    expect(await as('admin')).toMatchObject({ status: 409, body: { field: 'role_arn' } });
    expect((await change('mend', customer.key, theirs)).status).toBe(404);
    expect((await change('mend', 're_nobody')).status).toBe(401);
    const sending = await customer.api<{ token: string }>('POST', '/api-keys', {
      name: 'sends only',
      permission: 'sending_access',
    });
    expect((await change('mend', sending.body.token)).status).toBe(401);
  }, 60_000);

  it('exists only where the API knows a sandbox, and then the dashboard’s page says so', async () => {
    const path = `/v1/connections/${id}/sandbox`;
    const { status } = await call(stack.api, customer.key, 'POST', path, { scenario: 'mend' });
    expect(status).toBe(404);
    const page = async (api: string) => (await fetch(`${api}/app/projects`)).text();
    expect(await page(stack.api)).not.toContain('sesame-sandbox');
    expect(await page(sandboxApi)).toContain(`<meta name="sesame-sandbox" content="${stack.sandbox.url}" />`);
    const document = await (await fetch(`${sandboxApi}/openapi.json`)).text();
    expect(document).not.toContain('/sandbox');
  });

  it('production refuses to start with one', async () => {
    const environment = {
      ...stack.environment,
      NODE_ENV: 'production',
      API_PORT: String(await freePort()),
    };
    const refused = new Process('api', { ...environment, SESAME_SANDBOX_URL: stack.sandbox.url });
    stack.processes.push(refused);
    await expect(refused.ready()).rejects.toThrow('SESAME_SANDBOX_URL must not be set when NODE_ENV is');
    expect(await refused.stop()).toBe(1);
    const started = new Process('api', environment);
    stack.processes.push(started);
    await started.ready();
    const url = `http://127.0.0.1:${environment.API_PORT}`;
    const path = `/v1/connections/${id}/sandbox`;
    expect((await call(url, customer.key, 'POST', path, { scenario: 'mend' })).status).toBe(404);
    expect(await (await fetch(`${url}/app`)).text()).not.toContain('sesame-sandbox');
  }, 60_000);

  it('says so when no sandbox answers', async () => {
    const environment = { ...stack.environment, API_PORT: String(await freePort()) };
    const alone = new Process('api', {
      ...environment,
      SESAME_SANDBOX_URL: `http://127.0.0.1:${await freePort()}`,
    });
    stack.processes.push(alone);
    await alone.ready();
    const url = `http://127.0.0.1:${environment.API_PORT}`;
    const path = `/v1/connections/${id}/sandbox`;
    expect(await call(url, customer.key, 'POST', path, { scenario: 'mend' })).toMatchObject({
      status: 503,
      body: { message: expect.stringContaining('does not answer'), remedy: expect.any(String) },
    });
  }, 60_000);
});
