import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Browser } from '../support/browser.js';
import { call } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

interface OpenApi {
  paths: Record<string, Record<string, unknown>>;
}

interface Report {
  valid: boolean;
  checked: number;
  head: { sequence: number; hash: string };
  faults: { fault: string; sequence: number | null; entry_id: string }[];
}

/** A stream of events, which a walk would wait for. */
const isEndless = (operation: unknown): boolean => JSON.stringify(operation).includes('text/event-stream');

const anyId = '01930000-0000-7000-8000-000000000000';
const verbs = ['get', 'post', 'patch', 'put', 'delete'];

/** What each role may do on each route there is, and what is written down about it. */
describe('roles', () => {
  let stack: Stack;
  let database: pg.Client;
  let owner: Browser;
  let organizationId: string;
  let projectId: string;
  let document: OpenApi;
  const made = new Map<string, Promise<Browser>>();

  /** Whoever has this role: one person for all tests. */
  function member(role: string): Promise<Browser> {
    const known = made.get(role) ?? invite(role);
    made.set(role, known);
    return known;
  }

  async function invite(role: string): Promise<Browser> {
    const email = `${role}@example.org`;
    const { body } = await owner.call<{ token: string }>(
      'POST',
      `/v1/organizations/${organizationId}/invitations`,
      { email, role },
    );
    const who = new Browser(stack.api, { 'x-sesame-project': projectId });
    await who.signUp(email, { invitation: body.token });
    return who;
  }

  beforeAll(async () => {
    stack = await startStack({ workers: 0 });
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    owner = new Browser(stack.api);
    await owner.signUp('owner@example.org');
    organizationId = (await owner.call('GET', '/v1/me')).body['organization_id'] as string;
    projectId = (await owner.call<{ id: string }>('POST', '/v1/projects', { name: 'Ours' })).body.id;
    document = (await (await fetch(`${stack.api}/openapi.json`)).json()) as OpenApi;
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  }, 30_000);

  /** Every operation that is not public and not about oneself, with ids in place of its parameters. */
  async function operations(): Promise<{ method: string; path: string }[]> {
    const all = Object.entries(document.paths).flatMap(([path, methods]) =>
      verbs
        .filter((verb) => verb in methods && !isEndless(methods[verb]))
        .map((verb) => ({
          method: verb.toUpperCase(),
          path: path
            .replace('/v1/organizations/{id}', `/v1/organizations/${organizationId}`)
            .replace('/v1/projects/{id}', `/v1/projects/${projectId}`)
            .replace(/\{\w+\}/g, anyId),
        })),
    );
    const guarded: { method: string; path: string }[] = [];
    for (const one of all) {
      if (/^\/v1\/(me|invitations|organizations$)|\/leave$/.test(one.path)) continue;
      if ((await call(stack.api, undefined, one.method, one.path)).status === 401) guarded.push(one);
    }
    return guarded;
  }

  it('let a viewer change nothing, on any route, and look at everything', async () => {
    const viewer = await member('viewer');
    const wrong: string[] = [];
    let changing = 0;
    for (const { method, path } of await operations()) {
      const { status, body } = await viewer.call(method, path);
      const isReading = method === 'GET';
      if (!isReading) changing += 1;
      // The names of the organization's keys are for those who may revoke them.
      const isHidden = path === `/v1/organizations/${organizationId}/api-keys`;
      if (isReading && !isHidden ? status === 401 || status === 403 : status !== 403)
        wrong.push(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    }
    expect(wrong).toEqual([]);
    expect(changing).toBeGreaterThanOrEqual(40);
  }, 120_000);

  it('show the secret that signs webhooks to those only who may change them', async () => {
    const developer = await member('developer');
    const { id, signing_secret: secret } = (
      await developer.call<{ id: string; signing_secret: string }>('POST', '/webhooks', {
        endpoint: 'https://hooks.example.org/sesame',
        events: ['email.sent'],
      })
    ).body;
    expect(secret).toMatch(/^whsec_/);
    const seenBy = async (role: string) =>
      (await (await member(role)).call('GET', `/webhooks/${id}`)).body['signing_secret'];
    expect([await seenBy('viewer'), await seenBy('developer')]).toEqual([null, secret]);
  }, 60_000);

  it('let a developer do all but administer, and an admin that as well', async () => {
    const developer = await member('developer');
    const refused: string[] = [];
    for (const { method, path } of await operations()) {
      if (method === 'GET') continue;
      // Nothing that would succeed: what is asked is who may.
      const { status } = await developer.call(method, path.replace(projectId, anyId), '[]');
      if (status === 403) refused.push(`${method} ${path}`);
    }
    const own = `/v1/organizations/${organizationId}`;
    expect(refused.sort()).toEqual(
      [
        `DELETE ${own}`,
        `DELETE ${own}/api-keys/${anyId}`,
        `DELETE ${own}/invitations/${anyId}`,
        `DELETE ${own}/members/${anyId}`,
        `DELETE /v1/projects/${projectId}`,
        `PATCH ${own}`,
        `PATCH ${own}/members/${anyId}`,
        `POST ${own}/api-keys`,
        `POST ${own}/invitations`,
        'POST /v1/projects',
      ].sort(),
    );
    const admin = await member('admin');
    for (const { method, path } of await operations()) {
      if (method === 'GET') continue;
      const { status } = await admin.call(method, path.replace(projectId, anyId), '[]');
      expect([method, path, status === 403]).toEqual([method, path, `${method} ${path}` === `DELETE ${own}`]);
    }
  }, 120_000);

  it("let an organization's key do what its role says, and never touch people, keys or mail", async () => {
    const own = `/v1/organizations/${organizationId}`;
    const never = (method: string, path: string) =>
      path.startsWith(`${own}/api-keys`) ||
      (method !== 'GET' && /\/(members|invitations)(\/|$)/.test(path)) ||
      (method === 'DELETE' && path === own);
    const administer = [`PATCH ${own}`, 'POST /v1/projects', `DELETE /v1/projects/${projectId}`];
    const counted: Record<string, number> = {};
    for (const role of ['viewer', 'developer', 'admin']) {
      const key = await owner.call<{ token: string; role: string }>('POST', `${own}/api-keys`, {
        name: role,
        role,
      });
      expect([key.status, key.body.role]).toEqual([201, role]);
      const program = new Browser(stack.api, { authorization: `Bearer ${key.body.token}` });
      const wrong: string[] = [];
      for (const { method, path } of await operations()) {
        // About mail and what is in one project: for that project's keys.
        const isManagement = path.startsWith('/v1/');
        const isAllowed =
          isManagement &&
          !never(method, path) &&
          (method === 'GET' ||
            role === 'admin' ||
            (role === 'developer' && !administer.includes(`${method} ${path}`)));
        const asked = method === 'GET' ? path : path.replace(projectId, anyId);
        const { status, body } = await program.call(method, asked, method === 'GET' ? undefined : '[]');
        const isRefused = status === 401 && body['name'] === 'restricted_api_key';
        if (isRefused === isAllowed || status >= 500) wrong.push(`${role}: ${method} ${path}: ${status}`);
        if (!isRefused) counted[role] = (counted[role] ?? 0) + 1;
      }
      expect(wrong).toEqual([]);
    }
    expect(counted['viewer']).toBeGreaterThanOrEqual(10);
    expect(counted['developer']).toBeGreaterThan(counted['viewer'] ?? 0);
    expect(counted['admin']).toBe((counted['developer'] ?? 0) + administer.length);
  }, 120_000);

  describe('the audit log', () => {
    const verify = async (): Promise<Report> => (await owner.call<Report>('GET', '/v1/audit/verify')).body;

    it('says who did what, and is whole', async () => {
      const list = await owner.call<{
        data: { actor: string; action: string; target: string; cloudtrail: unknown }[];
      }>('GET', '/v1/audit?action=project&limit=5');
      const { user } = (await owner.call<{ user: { id: string } }>('GET', '/v1/me')).body;
      expect(list.body.data).toEqual([
        expect.objectContaining({
          actor: `user:${user.id}`,
          actor_name: 'owner <owner@example.org>',
          action: 'project.created',
          target: projectId,
          cloudtrail: null,
        }),
      ]);
      const report = await verify();
      expect(report).toMatchObject({ valid: true, faults: [] });
      expect(report.checked).toBeGreaterThanOrEqual(8);
      expect(report.head.sequence).toBe(report.checked);
    });

    it('goes out as JSON lines with the hashes', async () => {
      const { body, headers } = await owner.call<{ text: string }>('GET', '/v1/audit/export');
      expect(headers.get('content-type')).toContain('application/x-ndjson');
      const lines = body.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { sequence: number; hash: string; entry: { action: string } });
      expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index + 1));
      expect(lines.at(-1)?.hash).toBe((await verify()).head.hash);
      expect(lines[0]?.entry.action).toBe('organization.created');
    });

    it('cannot be changed by a statement', async () => {
      for (const statement of [
        `UPDATE audit_entries SET actor = 'system'`,
        'DELETE FROM audit_entries',
        'TRUNCATE audit_entries',
        `UPDATE audit_seals SET hash = '\\x00'`,
        'DELETE FROM audit_seals',
      ])
        await expect(database.query(statement)).rejects.toThrow('appended, never changed');
    });

    it('shows what somebody did who went around that', async () => {
      const before = await verify();
      // As a superuser can: no trigger fires.
      await database.query('SET session_replication_role = replica');
      const { rows } = await database.query<{ id: string }>(
        `UPDATE audit_entries SET actor = 'user:somebody-else'
         WHERE action = 'project.created' AND organization_id = $1 RETURNING id`,
        [organizationId],
      );
      const { rows: gone } = await database.query<{ id: string }>(
        `DELETE FROM audit_entries WHERE organization_id = $1 AND action = 'invitation.created' RETURNING id`,
        [organizationId],
      );
      await database.query(
        `INSERT INTO audit_entries (id, organization_id, actor, action)
         VALUES ('01930000-0000-7000-8000-00000000abcd', $1, 'system', 'invented')`,
        [organizationId],
      );
      await database.query('SET session_replication_role = DEFAULT');
      const after = await verify();
      expect(after.valid).toBe(false);
      expect(after.head).toEqual(before.head);
      expect(after.faults.map(({ fault, entry_id }) => [fault, entry_id]).sort()).toEqual(
        [
          ...rows.map(({ id }) => ['entry_changed', id]),
          ...gone.map(({ id }) => ['entry_missing', id]),
          ['entry_unsealed', '01930000-0000-7000-8000-00000000abcd'],
        ].sort(),
      );
      // Another organization's chain is its own.
      const other = await call<Report>(stack.api, stack.organization.key, 'GET', '/v1/audit/verify');
      expect(other.body).toMatchObject({ valid: true });
    });
  });
});
