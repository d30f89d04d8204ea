import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { call, Customer, type Answer, type ConnectionBody } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

interface OpenApi {
  paths: Record<
    string,
    Record<string, { parameters?: { in: string; name: string }[]; security?: unknown[] }>
  >;
}

const missingId = '01930000-0000-7000-8000-000000000000';
const verbs = ['get', 'post', 'patch', 'put', 'delete'];

describe('tenancy', () => {
  let stack: Stack;
  let owner: Customer;
  let stranger: Customer;
  let connection: ConnectionBody;
  let emailId: string;
  let keyId: string;
  let suppressionId: string;
  let webhookId: string;
  let document: OpenApi;

  beforeAll(async () => {
    stack = await startStack();
    owner = await Customer.create(stack);
    stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    connection = await owner.connect();
    emailId = await owner.send({ scheduled_at: 'in 1 hour' });
    keyId =
      (await owner.api<{ data: { id: string }[] }>('GET', `/v1/projects/${owner.projectId}/api-keys`)).body
        .data[0]?.id ?? '';
    webhookId = (
      await owner.api<{ id: string }>('POST', '/webhooks', {
        endpoint: 'https://192.0.78.1/hook',
        events: ['email.sent'],
      })
    ).body.id;
    suppressionId = (await owner.api<{ id: string }>('POST', '/suppressions', { email: 'a@example.net' }))
      .body.id;
    document = (await (await fetch(`${stack.api}/openapi.json`)).json()) as OpenApi;
  }, 120_000);
  afterAll(() => stack?.close());

  /** A body that the route would take, so that only the id is wrong. */
  const bodyOf = (method: string, path: string): object | string | undefined => {
    if (method === 'patch' && path === '/emails/{id}') return { scheduled_at: 'in 2 hours' };
    if (method === 'post' && path === '/webhooks/{id}/replay') return { since: '2026-01-01T00:00:00Z' };
    if (method === 'patch' && path.includes('/members/')) return { role: 'viewer' };
    if (method === 'patch' && path.endsWith('/feedback')) return {};
    if (method === 'patch') return { name: 'taken over' };
    if (method === 'post' && path.endsWith('/invitations')) return { email: 'thief@example.net' };
    if (method === 'post' && path.endsWith('/feedback')) return { mode: 'pull' };
    if (method === 'put' && path.endsWith('/suppression-sync')) return { mode: 'import' };
    if (method === 'post' && path.endsWith('/connections')) return { region: 'eu-west-1' };
    if (method === 'post' && path.endsWith('/api-keys')) return { name: 'spare' };
    if (path.endsWith('/suppressions/import')) return '"somebody@example.net"';
    return undefined;
  };

  const fill = (path: string, own: boolean): string => {
    const id = path.startsWith('/emails')
      ? emailId
      : path.startsWith('/webhooks')
        ? webhookId
        : path.startsWith('/v1/connections')
          ? connection.id
          : path.startsWith('/suppressions')
            ? suppressionId
            : path.startsWith('/api-keys')
              ? keyId
              : path.startsWith('/v1/organizations')
                ? stack.organization.id
                : owner.projectId;
    return path
      .replace('{id}', own ? id : missingId)
      .replace('{keyId}', own ? keyId : missingId)
      .replace('{attachment_id}', missingId)
      .replace('{eventId}', `msg_${missingId}`)
      .replace(/\{(userId|invitationId|token)\}/, missingId);
  };

  type Caller = (method: string, path: string, body: object | string | undefined) => Promise<Answer>;

  /** @returns the routes that were walked */
  async function walk(caller: Caller, skip: (path: string) => boolean = () => false): Promise<string[]> {
    const walked: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      // Deliveries of AWS are known by their token and not by a tenant.
      if (!path.includes('{') || path.startsWith('/feedback/') || skip(path)) continue;
      for (const method of verbs.filter((verb) => verb in operations)) {
        const body = bodyOf(method, path);
        const foreign = await caller(method.toUpperCase(), fill(path, true), body);
        const missing = await caller(method.toUpperCase(), fill(path, false), body);
        const { request_id: one, ...foreignBody } = foreign.body;
        const { request_id: two, ...missingBody } = missing.body;
        expect({ route: `${method} ${path}`, status: foreign.status, body: foreignBody }).toEqual({
          route: `${method} ${path}`,
          status: 404,
          body: missingBody,
        });
        expect(missing.status).toBe(404);
        expect([one, two]).toEqual([expect.any(String), expect.any(String)]);
        walked.push(`${method} ${path}`);
      }
    }
    expect((await owner.connection(connection.id)).status).toBe('active');
    expect((await owner.api('GET', `/emails/${emailId}`)).body).toMatchObject({ status: 'scheduled' });
    return walked;
  }

  it("answers another tenant's id and a missing id alike, with 404, on every route that has one", async () => {
    // An invitation is accepted by a person, who has sessions: a key gets no further than that.
    const walked = await walk(
      (method, path, body) => call(stack.api, stranger.key, method, path, body),
      (path) => path.startsWith('/v1/invitations/') || path.startsWith('/v1/me/'),
    );
    expect(walked.length).toBeGreaterThanOrEqual(17);
  }, 60_000);

  it('does so for who is signed in at another organization, owner though they are there', async () => {
    const foreigner = new Browser(stack.api);
    await foreigner.signUp('foreigner@example.org');
    const project = await foreigner.call<{ id: string }>('POST', '/v1/projects', { name: 'Elsewhere' });
    const inTheirs = foreigner.with({ 'x-sesame-project': project.body.id });
    const walked = await walk((method, path, body) =>
      inTheirs.call(method, path, body, typeof body === 'string' ? { 'content-type': 'text/csv' } : {}),
    );
    expect(walked.length).toBeGreaterThanOrEqual(25);
    // Nor by naming what is not theirs.
    for (const headers of [
      { 'x-sesame-project': owner.projectId },
      { 'x-sesame-organization': stack.organization.id },
    ])
      for (const path of ['/emails', '/v1/projects', '/v1/audit', '/v1/me'].filter(
        (candidate) => candidate === '/emails' || 'x-sesame-organization' in headers,
      ))
        expect({ path, headers, status: (await foreigner.with(headers).call('GET', path)).status }).toEqual({
          path,
          headers,
          status: path === '/emails' && 'x-sesame-organization' in headers ? 422 : 404,
        });
  }, 60_000);

  it('asks for a key on every route that is not public', async () => {
    const open: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of verbs.filter((verb) => verb in operations)) {
        const answer = await call(stack.api, undefined, method.toUpperCase(), fill(path, false));
        if (answer.status !== 401) open.push(`${method} ${path}`);
      }
    }
    expect(open.sort()).toEqual([
      'get /health/live',
      'get /health/ready',
      'get /v1/sign-in',
      'post /feedback/eventbridge/{token}',
      'post /feedback/sns/{token}',
    ]);
  });

  it('lets a sending_access key only send, from its domain only', async () => {
    const created = await owner.api<{ token: string }>('POST', `/v1/projects/${owner.projectId}/api-keys`, {
      name: 'sender',
      permission: 'sending_access',
      domain: 'example.com',
    });
    const { token } = created.body;
    expect((await call(stack.api, token, 'POST', '/emails', owner.email())).status).toBe(200);
    expect(
      (await call(stack.api, token, 'POST', '/emails', owner.email({ from: 'x@other.example' }))).status,
    ).toBe(403);
    for (const path of [
      '/emails',
      `/emails/${emailId}`,
      '/v1/projects',
      `/v1/connections/${connection.id}`,
    ]) {
      expect((await call(stack.api, token, 'GET', path)).body).toMatchObject({
        statusCode: 401,
        name: 'restricted_api_key',
      });
    }
  });

  it('refuses a revoked key at once', async () => {
    const created = await owner.api<{ token: string; id: string }>(
      'POST',
      `/v1/projects/${owner.projectId}/api-keys`,
      { name: 'short-lived' },
    );
    expect((await call(stack.api, created.body.token, 'GET', '/emails')).status).toBe(200);
    expect(
      (await owner.api('DELETE', `/v1/projects/${owner.projectId}/api-keys/${created.body.id}`)).body,
    ).toMatchObject({ deleted: true });
    expect((await call(stack.api, created.body.token, 'GET', '/emails')).status).toBe(401);
  });

  it('does not let an organization key send, nor a project key manage the organization', async () => {
    expect((await call(stack.api, stack.organization.key, 'POST', '/emails', owner.email())).status).toBe(
      401,
    );
    expect((await owner.api('POST', '/v1/projects', { name: 'mine' })).status).toBe(401);
    expect((await owner.api<{ data: unknown[] }>('GET', '/v1/projects')).body.data).toHaveLength(1);
  });

  it('refuses to send before a role is proven, and says what to do', async () => {
    const answer = await stranger.api('POST', '/emails', stranger.email());
    expect(answer.body).toMatchObject({
      statusCode: 403,
      name: 'validation_error',
      remedy: expect.stringContaining('connection'),
    });
  });
});
