import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { call, Customer, type Kit } from '../support/customer.js';
import { EventStreamClient } from '../support/event-stream.js';
import { FeedbackCustomer } from '../support/feedback-customer.js';
import { OpenApi } from '../support/openapi.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

/** What one call made, for the next ones. */
type Body = Record<string, unknown> & { id: string; data: { id: string }[] };

/**
 * One call of each operation that openapi.json names, each held against it by the stack's watch. The bodies are what
 * other specs look at; here a route counts once it has answered as documented.
 */
describe('every route answers as openapi.json says', () => {
  let stack: Stack;
  let customer: Customer;
  const called = new Set<string>();

  beforeAll(async () => {
    stack = await startStack({ env: { SESAME_OUTBOUND_ALLOW: '127.0.0.0/8' } });
    customer = await Customer.create(stack);
  }, 120_000);
  afterAll(() => stack?.close(), 30_000);

  const openApi = OpenApi.committed();

  /** @returns the body of a call that must succeed */
  async function ok(method: string, path: string, body?: unknown, key = customer.key): Promise<Body> {
    const answer = await call<Body>(stack.api, key, method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    called.add(openApi.operationOf(method, path) ?? `${method} ${path}`);
    return answer.body;
  }
  const first = (list: Body): string => list.data[0]?.id ?? '';

  it('of connections', async () => {
    const { projectId } = customer;
    const made = await ok('POST', `/v1/projects/${projectId}/connections`, { region: 'eu-west-1' });
    const connection = `/v1/connections/${made.id}`;
    await customer.kit(made.id);
    const policies = await Promise.all(
      ['send', 'configure'].map(async (purpose) => [
        purpose,
        ((await ok('GET', `${connection}/kit?purpose=${purpose}`)) as unknown as Kit).permissions_policy,
      ]),
    );
    const roleArn = await customer.putRole('Sender', made.id, {
      policies: Object.fromEntries(policies) as Record<string, object>,
    });
    for (const format of ['cli', 'terraform', 'cloudformation'])
      await ok('GET', `${connection}/kit?purpose=all&format=${format}`);
    await ok('PATCH', connection, { role_arn: roleArn });
    await customer.untilStatus(made.id, 'active');
    await ok('GET', `/v1/projects/${projectId}/connections`);
    await ok('GET', connection);
    await ok('GET', `${connection}/sessions`);
    await ok('GET', `${connection}/capacity`);
    await ok('PUT', `${connection}/suppression-sync`, { mode: 'import' });
    await ok('GET', `${connection}/suppression-sync`);
    await ok('POST', `${connection}/verify`);
    await customer.untilStatus(made.id, 'active');
    const spare = await ok('POST', `/v1/projects/${projectId}/connections`, { region: 'eu-west-1' });
    await ok('POST', `/v1/connections/${spare.id}/rotate-external-id`);
    await ok('DELETE', `/v1/connections/${spare.id}`);
  }, 60_000);

  it('of feedback', async () => {
    const source = await FeedbackCustomer.connect(stack, '777788889999');
    const api = (method: string, body?: object) => source.customer.api(method, source.path, body);
    await source.setUp('pull');
    await until('feedback active', async () => (await source.read()).status === 'active', 60_000);
    expect((await api('PATCH', { opens: true })).status).toBeLessThan(300);
    expect((await api('DELETE')).status).toBeLessThan(300);
  }, 120_000);

  it('of emails', async () => {
    const file = { filename: 'note.txt', content: Buffer.from('note').toString('base64') };
    const sent = await ok('POST', '/emails', customer.email({ attachments: [file] }));
    await ok('POST', '/emails/batch', [customer.email()]);
    await ok('GET', '/emails?limit=1');
    await customer.untilEmail(sent.id, 'sent');
    await ok('GET', `/emails/${sent.id}`);
    await ok('GET', `/emails/${sent.id}/source`);
    await ok('GET', '/emails?subject=hello&status=sent');
    await ok('GET', `/v1/projects/${customer.projectId}/queue?limit=1`);
    const files = await ok('GET', `/emails/${sent.id}/attachments`);
    await ok('GET', `/emails/${sent.id}/attachments/${first(files)}`);
    const later = await ok('POST', '/emails', customer.email({ scheduled_at: 'in 1 hour' }));
    await ok('PATCH', `/emails/${later.id}`, { scheduled_at: 'in 2 hours' });
    await ok('POST', `/emails/${later.id}/cancel`);
    const refused = await ok('POST', '/emails', customer.email({ from: 'hello@unverified.example' }));
    await customer.untilEmail(refused.id, 'failed');
    await ok('POST', `/emails/${refused.id}/resend`);
  }, 60_000);

  it('of templates', async () => {
    const { id } = await ok('POST', '/templates', {
      name: 'T',
      html: '{{A}}',
      variables: [{ key: 'A', type: 'string' }],
    });
    await ok('GET', '/templates');
    await ok('GET', `/templates/${id}`);
    await ok('PATCH', `/templates/${id}`, { subject: 's' });
    await ok('POST', `/templates/${id}/publish`);
    await ok('POST', `/templates/${id}/duplicate`);
    await ok('POST', `/templates/${id}/preview`);
    await ok('DELETE', `/templates/${id}`);
  }, 60_000);

  it('of webhooks', async () => {
    const { id } = await ok('POST', '/webhooks', {
      endpoint: 'http://127.0.0.1:9999/nobody',
      events: ['email.sent'],
    });
    await ok('GET', '/webhooks');
    await ok('GET', `/webhooks/${id}`);
    await ok('PATCH', `/webhooks/${id}`, { events: ['email.sent', 'email.bounced'] });
    await ok('POST', `/webhooks/${id}/signing-secret/rotate`);
    await ok('POST', `/webhooks/${id}/test`);
    const event = await until(
      'an event',
      async () => first(await ok('GET', `/webhooks/${id}/events`)) || undefined,
    );
    await ok('GET', `/webhooks/${id}/events/${event}`);
    await until(
      'an attempt',
      async () => (await ok('GET', `/webhooks/${id}/events/${event}/attempts`)).data.length > 0,
    );
    await ok('POST', `/webhooks/${id}/events/${event}/replay`);
    await ok('POST', `/webhooks/${id}/replay`, { since: new Date(Date.now() - 60_000).toISOString() });
    await ok('DELETE', `/webhooks/${id}`);
  }, 60_000);

  it('of domains', async () => {
    const { id } = await ok('POST', '/domains', { name: 'mail.example.org' });
    await ok('GET', '/domains');
    await ok('GET', `/domains/${id}`);
    await ok('PATCH', `/domains/${id}`, { tls: 'enforced' });
    await ok('POST', `/domains/${id}/verify`);
    await ok('DELETE', `/domains/${id}`);
  }, 60_000);

  it('of suppressions', async () => {
    const { id } = await ok('POST', '/suppressions', { email: 'gone@example.net' });
    await ok('POST', '/suppressions/batch/add', { emails: ['also@example.net'] });
    await ok('GET', '/suppressions');
    await ok('GET', `/suppressions/${id}`);
    await ok('POST', '/suppressions/batch/remove', { emails: ['also@example.net'] });
    await ok('DELETE', `/suppressions/${id}`);
    const lists = `${stack.api}/v1/projects/${customer.projectId}/suppressions`;
    const headers = { authorization: `Bearer ${customer.key}` };
    const imported = await fetch(`${lists}/import`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/csv' },
      body: 'email,origin\nthird@example.net,manual\n',
    });
    const exported = await fetch(`${lists}/export`, { headers });
    expect([imported.status, exported.status]).toEqual([200, 200]);
    expect(await exported.text()).toContain('third@example.net');
    called.add('POST /v1/projects/{id}/suppressions/import');
    called.add('GET /v1/projects/{id}/suppressions/export');
  }, 60_000);

  it('of projects, keys, logs and health', async () => {
    const organization = stack.organization.key;
    const project = await ok('POST', '/v1/projects', { name: 'Spare' }, organization);
    const path = `/v1/projects/${project.id}`;
    await ok('GET', '/v1/projects', undefined, organization);
    await ok('GET', path, undefined, organization);
    await ok('PATCH', path, { name: 'Renamed' }, organization);
    const key = await ok('POST', `${path}/api-keys`, { name: 'one' }, organization);
    await ok('GET', `${path}/api-keys`, undefined, organization);
    await ok('DELETE', `${path}/api-keys/${key.id}`, undefined, organization);
    await ok('DELETE', path, undefined, organization);
    const own = await ok('POST', '/api-keys', { name: 'two', permission: 'sending_access' });
    await ok('GET', '/api-keys');
    await ok('PATCH', `/api-keys/${own.id}`, { name: 'three' });
    await ok('DELETE', `/api-keys/${own.id}`);
    const log = await until('a log', async () => first(await ok('GET', '/logs')) || undefined);
    await ok('GET', `/logs/${log}`);
    await ok('GET', '/usage');
    await ok('GET', `/v1/projects/${customer.projectId}/metrics?group_by=domain`);
    await ok('GET', '/emails/metrics?dimensions=period');
    // A stream without an end, which the watch would read for ever.
    const live = await EventStreamClient.open(`${stack.api}/v1/projects/${customer.projectId}/live`, {
      authorization: `Bearer ${customer.key}`,
    });
    await live.until('ready', ({ data }) => data.type === 'ready');
    live.close();
    called.add('GET /v1/projects/{id}/live');
    await ok('GET', '/health/live');
    await until('ready', () => ok('GET', '/health/ready'));
  }, 60_000);

  it('of people and their organization', async () => {
    const owner = new Browser(stack.api);
    await owner.signUp('owner@example.org');
    const organization = `/v1/organizations/${(await owner.call('GET', '/v1/me')).body['organization_id'] as string}`;
    const invite = async (email: string) =>
      (await owner.call<{ id: string; token: string }>('POST', `${organization}/invitations`, { email }))
        .body;
    const guest = new Browser(stack.api);
    await guest.signUp('guest@example.org');
    await guest.call('POST', `/v1/invitations/${(await invite('guest@example.org')).token}/accept`);
    await owner.call('GET', `${organization}/invitations`);
    await owner.call('DELETE', `${organization}/invitations/${(await invite('other@example.org')).id}`);
    const members = await owner.call<{ data: { user_id: string; email: string }[] }>(
      'GET',
      `${organization}/members`,
    );
    const member = members.body.data.find(({ email }) => email === 'guest@example.org')?.user_id ?? '';
    await owner.call('PATCH', `${organization}/members/${member}`, { role: 'viewer' });
    await owner.call('DELETE', `${organization}/members/${member}`);
    await guest.call('POST', `/v1/invitations/${(await invite('guest@example.org')).token}/accept`);
    await guest.call('POST', `${organization}/leave`);
    const second = await owner.call<{ id: string }>('POST', '/v1/organizations', { name: 'Second' });
    await owner.call('DELETE', `/v1/organizations/${second.body.id}?confirm=Second`);
    await owner.call('GET', organization);
    await owner.call('PATCH', organization, { name: 'Renamed' });
    await owner.call('GET', '/v1/sign-in');
    const other = new Browser(stack.api);
    await other.signIn('owner@example.org');
    const sessions = await owner.call<{ data: { id: string; current: boolean }[] }>('GET', '/v1/me/sessions');
    const elsewhere = sessions.body.data.find(({ current }) => !current)?.id ?? '';
    await owner.call('DELETE', `/v1/me/sessions/${elsewhere}`);
    await owner.call('DELETE', '/v1/me/sessions');
    const key = await owner.call<{ id: string }>('POST', `${organization}/api-keys`, { name: 'one' });
    await owner.call('GET', `${organization}/api-keys`);
    await owner.call('DELETE', `${organization}/api-keys/${key.body.id}`);
    await owner.call('GET', '/v1/audit');
    await owner.call('GET', '/v1/audit/export');
    expect((await owner.call('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true });
  }, 60_000);

  it('leaves none out', () => {
    const seen = new Set([...called, ...stack.answers.succeeded]);
    // AWS calls these two, with what only AWS can sign or know: sns-intake.spec.ts and feedback.spec.ts.
    const ofAws = ['POST /feedback/sns/{token}', 'POST /feedback/eventbridge/{token}'];
    expect(openApi.operations().filter((operation) => !seen.has(operation))).toEqual(ofAws);
  });
});
