import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser, PASSWORD } from '../support/browser.js';
import { call } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

interface Key {
  id: string;
  token: string;
  role: string;
  effective_role: string | null;
  created_by: { user_id: string; name: string } | null;
}

interface Me {
  user: { id: string; has_password: boolean };
  organizations: { id: string; name: string; role: string }[];
  organization_id: string | null;
  role: string | null;
  may_create_organization: boolean;
}

interface Entry {
  actor: string;
  actor_name: string | null;
  action: string;
  target: string;
  data: Record<string, unknown>;
}

/** Two processes of the API: what ends in one ends in the other. */
describe('organizations', () => {
  let stack: Stack;
  let owner: Browser;
  let organizationId: string;

  const me = async (who: Browser): Promise<Me> => (await who.call<Me>('GET', '/v1/me')).body;
  const path = () => `/v1/organizations/${organizationId}`;

  async function invited(email: string, role: string, id = organizationId): Promise<Browser> {
    const invitation = await owner.call<{ token: string }>('POST', `/v1/organizations/${id}/invitations`, {
      email,
      role,
    });
    const who = new Browser(stack.api);
    await who.signUp(email, { invitation: invitation.body.token });
    return who;
  }

  async function makeKey(who: Browser, role: string): Promise<Key> {
    const { status, body } = await who.call<Key>('POST', `${path()}/api-keys`, { name: `of ${role}`, role });
    expect([status, body]).toEqual([201, expect.objectContaining({ role })]);
    return body;
  }
  /** Of every process. */
  const statuses = (key: Key, method = 'GET', to = '/v1/projects', body?: unknown) =>
    Promise.all(stack.apis.map(async (api) => (await call(api, key.token, method, to, body)).status));
  const listed = async (key: Key): Promise<Key | undefined> =>
    (await owner.call<{ data: Key[] }>('GET', `${path()}/api-keys`)).body.data.find(
      ({ id }) => id === key.id,
    );
  const entries = async (action: string): Promise<Entry[]> =>
    (await owner.call<{ data: Entry[] }>('GET', `/v1/audit?action=${action}`)).body.data;

  beforeAll(async () => {
    stack = await startStack({ workers: 0, apis: 2 });
    owner = new Browser(stack.api);
    await owner.signUp('owner@example.org');
    organizationId = (await me(owner)).organization_id ?? '';
  }, 120_000);
  afterAll(() => stack?.close(), 30_000);

  describe('have keys', () => {
    it('that are refused at once after they were revoked, by every process', async () => {
      const key = await makeKey(owner, 'developer');
      expect(await statuses(key)).toEqual([200, 200]);
      expect((await owner.call('DELETE', `${path()}/api-keys/${key.id}`)).status).toBe(200);
      expect(await statuses(key)).toEqual([401, 401]);
      expect(await listed(key)).toBeUndefined();
      const { user } = await me(owner);
      expect((await entries('organization_key')).slice(0, 2)).toEqual([
        expect.objectContaining({
          action: 'organization_key.revoked',
          actor: `user:${user.id}`,
          actor_name: 'owner <owner@example.org>',
          target: key.id,
          data: { name: 'of developer', role: 'developer' },
        }),
        expect.objectContaining({ action: 'organization_key.created', target: key.id }),
      ]);
    });

    it('that never may more than who made them, and end with their membership', async () => {
      const admin = await invited('admin@example.org', 'admin');
      const { user } = await me(admin);
      const key = await makeKey(admin, 'admin');
      const rename = () => statuses(key, 'PATCH', path(), { name: 'By a program' });
      expect(await rename()).toEqual([200, 200]);
      expect((await entries('organization.updated'))[0]).toMatchObject({
        actor: `key:${key.id}`,
        actor_name: 'of admin',
      });

      const member = `${path()}/members/${user.id}`;
      await owner.call('PATCH', member, { role: 'viewer' });
      expect(await rename()).toEqual([401, 401]);
      expect(await statuses(key)).toEqual([200, 200]);
      expect(await listed(key)).toMatchObject({
        role: 'admin',
        effective_role: 'viewer',
        created_by: { user_id: user.id, name: 'admin' },
      });
      await owner.call('PATCH', member, { role: 'admin' });
      expect(await rename()).toEqual([200, 200]);

      await owner.call('DELETE', member);
      expect(await statuses(key)).toEqual([401, 401]);
      expect((await entries('member.removed'))[0]).toMatchObject({
        target: user.id,
        data: { role: 'admin', revokedKeyIds: [key.id] },
      });
    });

    it('that are of no use elsewhere', async () => {
      const key = await makeKey(owner, 'admin');
      const other = new Browser(stack.api);
      await other.signUp('elsewhere@example.org');
      const theirs = (await me(other)).organization_id ?? '';
      const project = await other.call<{ id: string }>('POST', '/v1/projects', { name: 'Theirs' });
      for (const [method, to, body] of [
        ['GET', `/v1/organizations/${theirs}`],
        ['PATCH', `/v1/organizations/${theirs}`, { name: 'Taken' }],
        ['GET', `/v1/organizations/${theirs}/members`],
        ['GET', `/v1/organizations/${theirs}/invitations`],
        ['GET', `/v1/projects/${project.body.id}`],
        ['DELETE', `/v1/projects/${project.body.id}`],
        ['POST', `/v1/projects/${project.body.id}/api-keys`, { name: 'mine' }],
        ['GET', `/v1/projects/${project.body.id}/connections`],
      ] as const)
        expect([method, to, await statuses(key, method, to, body)]).toEqual([method, to, [404, 404]]);
    });

    it('with one of three roles', async () => {
      for (const role of ['owner', 'king', 7])
        expect((await owner.call('POST', `${path()}/api-keys`, { name: 'x', role })).body).toMatchObject({
          statusCode: 422,
          message: expect.stringContaining('role'),
        });
    });
  });

  describe('of somebody who has several', () => {
    it('are told apart by the address, whatever the headers say', async () => {
      const created = await owner.call<{ id: string }>('POST', '/v1/organizations', { name: 'Second' });
      expect(created.status).toBe(201);
      const secondId = created.body.id;
      const inSecond = owner.with({ 'x-sesame-organization': secondId });
      const project = await inSecond.call<{ id: string }>('POST', '/v1/projects', { name: 'Deep' });
      const connection = await inSecond.call<{ id: string }>(
        'POST',
        `/v1/projects/${project.body.id}/connections`,
        { region: 'eu-west-1' },
      );
      // A link, without a header or with that of the other organization.
      for (const headers of [{}, { 'x-sesame-organization': organizationId }] as Record<string, string>[])
        for (const to of [
          `/v1/organizations/${secondId}`,
          `/v1/organizations/${secondId}/members`,
          `/v1/projects/${project.body.id}`,
          `/v1/connections/${connection.body.id}`,
        ])
          expect([to, headers, (await owner.with(headers).call('GET', to)).status]).toEqual([
            to,
            headers,
            200,
          ]);
      const byProject = owner.with({ 'x-sesame-project': project.body.id });
      expect(await me(byProject)).toMatchObject({
        organization_id: secondId,
        organizations: [{ id: organizationId }, { id: secondId, name: 'Second', role: 'owner' }],
      });
      expect(JSON.stringify((await byProject.call('GET', '/v1/projects')).body)).toContain('Deep');
      expect(JSON.stringify((await owner.call('GET', '/v1/projects')).body)).not.toContain('Deep');
    });

    it('give each the role that one has there', async () => {
      const second = (await me(owner)).organizations.at(-1)?.id ?? '';
      const mixed = await invited('mixed@example.org', 'viewer', second);
      const own = await mixed.call<{ id: string }>('POST', '/v1/organizations', { name: 'Own' });
      // No organization of theirs but as a viewer: where sign-up is open that does not matter.
      expect(own.status).toBe(201);
      const rename = async (id: string) =>
        (await mixed.call('PATCH', `/v1/organizations/${id}`, { name: 'Renamed' })).status;
      expect([await rename(second), await rename(own.body.id)]).toEqual([403, 200]);
      expect(await rename(organizationId)).toBe(404);
    });
  });

  describe('are left', () => {
    it('by whoever wants to, at once and with the keys they made', async () => {
      const leaver = await invited('leaver@example.org', 'admin');
      const key = await makeKey(leaver, 'viewer');
      const { user } = await me(leaver);
      expect((await leaver.call('POST', `${path()}/leave`)).body).toEqual({
        object: 'member',
        user_id: user.id,
        deleted: true,
      });
      expect((await leaver.call('GET', path())).status).toBe(404);
      expect(await me(leaver)).toMatchObject({ organizations: [], organization_id: null });
      expect(await statuses(key)).toEqual([401, 401]);
      expect((await leaver.call('POST', `${path()}/leave`)).status).toBe(404);
      expect((await entries('member.left'))[0]).toMatchObject({
        actor: `user:${user.id}`,
        actor_name: 'leaver <leaver@example.org>',
        data: { role: 'admin', revokedKeyIds: [key.id] },
      });
    });

    it('by viewers as well, and not by the last owner', async () => {
      const viewer = await invited('viewer@example.org', 'viewer');
      expect((await viewer.call('POST', `${path()}/leave`)).status).toBe(200);
      expect((await owner.call('POST', `${path()}/leave`)).body).toMatchObject({
        statusCode: 409,
        message: 'This is the last owner of the organization.',
        remedy: expect.stringContaining('owner'),
      });
    });
  });

  describe('are deleted', () => {
    it('by an owner who types the name, once they have no project', async () => {
      const { body } = await owner.call<{ id: string }>('POST', '/v1/organizations', { name: 'Short lived' });
      const own = `/v1/organizations/${body.id}`;
      const there = owner.with({ 'x-sesame-organization': body.id });
      const admin = await invited('second-admin@example.org', 'admin', body.id);
      const late = await owner.call<{ token: string }>('POST', `${own}/invitations`, {
        email: 'late@example.org',
      });
      const key = (await owner.call<Key>('POST', `${own}/api-keys`, { name: 'k', role: 'admin' })).body;
      const project = await there.call<{ id: string }>('POST', '/v1/projects', { name: 'Shop' });
      const remove = async (who: Browser, confirm?: string) =>
        (
          await who.call(
            'DELETE',
            own + (confirm === undefined ? '' : `?confirm=${encodeURIComponent(confirm)}`),
          )
        ).body;

      expect(await remove(admin, 'Short lived')).toMatchObject({ statusCode: 403 });
      expect(await remove(owner)).toMatchObject({ statusCode: 422, field: 'confirm' });
      expect(await remove(owner, 'short lived')).toMatchObject({ statusCode: 422, field: 'confirm' });
      expect(await remove(owner, 'Short lived')).toMatchObject({
        statusCode: 409,
        message: 'The organization still has projects: Shop.',
        remedy: expect.stringContaining('Delete them first'),
      });
      expect(await statuses(key)).toEqual([200, 200]);

      expect((await there.call('DELETE', `/v1/projects/${project.body.id}`)).status).toBe(200);
      expect(await remove(owner, 'Short lived')).toEqual({
        object: 'organization',
        id: body.id,
        deleted: true,
      });
      expect(await statuses(key)).toEqual([401, 401]);
      expect((await owner.call('GET', own)).status).toBe(404);
      expect((await me(owner)).organizations.map(({ id }) => id)).not.toContain(body.id);
      expect(await me(admin)).toMatchObject({ organizations: [] });
      const guest = new Browser(stack.api);
      expect((await guest.signUp('late@example.org', { invitation: late.body.token })).status).toBe(403);
    });
  });

  it('have an export of their audit log that names who, person or key', async () => {
    const { body } = await owner.call<{ text: string }>('GET', '/v1/audit/export');
    const lines = body.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { actor_name: string | null; entry: Entry });
    const by = (action: string) => lines.filter(({ entry }) => entry.action === action);
    expect(by('member.left').map((line) => line.actor_name)).toEqual([
      'leaver <leaver@example.org>',
      'viewer <viewer@example.org>',
    ]);
    expect(by('organization.updated')[0]?.actor_name).toBe('of admin');
    expect((await owner.call('GET', '/v1/audit/verify')).body).toMatchObject({ valid: true });
  });

  describe('people', () => {
    it('see where they are signed in, and sign out elsewhere', async () => {
      const [there, here] = [new Browser(stack.api), new Browser(stack.api)];
      const third = new Browser(stack.api);
      for (const who of [there, here, third]) await who.signIn('owner@example.org');
      type Sessions = { data: { id: string; current: boolean }[] };
      const list = async (who: Browser) => (await who.call<Sessions>('GET', '/v1/me/sessions')).body.data;
      const sessions = await list(here);
      expect(sessions.filter(({ current }) => current)).toHaveLength(1);
      expect(JSON.stringify(sessions)).not.toContain(
        decodeURIComponent(there.cookies.get('sesame.session_token') ?? '').split('.')[0],
      );
      const ofThere = (await list(there)).find(({ current }) => current)?.id ?? '';
      expect((await here.call('DELETE', `/v1/me/sessions/${ofThere}`)).status).toBe(200);
      expect((await there.call('GET', '/v1/me')).status).toBe(401);
      const stranger = new Browser(stack.api);
      await stranger.signUp('curious@example.org');
      const ofHere = sessions.find(({ current }) => current)?.id ?? '';
      expect((await stranger.call('DELETE', `/v1/me/sessions/${ofHere}`)).status).toBe(404);
      const ended = await here.call('DELETE', '/v1/me/sessions');
      expect(ended.body['ended']).toBeGreaterThanOrEqual(2);
      expect((await third.call('GET', '/v1/me')).status).toBe(401);
      expect(await list(here)).toEqual([expect.objectContaining({ id: ofHere, current: true })]);
    });

    it('change their password, which can end all other sessions', async () => {
      const here = new Browser(stack.api);
      await here.signUp('changing@example.org');
      const elsewhere = new Browser(stack.api);
      await elsewhere.signIn('changing@example.org');
      const change = (currentPassword: string) =>
        here.call('POST', '/auth/change-password', {
          currentPassword,
          newPassword: 'a longer horse battery',
          revokeOtherSessions: true,
        });
      expect((await change('not mine at all')).status).toBe(400);
      expect((await change(PASSWORD)).status).toBe(200);
      expect((await elsewhere.call('GET', '/v1/me')).status).toBe(401);
      expect((await here.call('GET', '/v1/me')).status).toBe(200);
      expect((await new Browser(stack.api).signIn('changing@example.org')).status).toBe(401);
      expect(
        (await new Browser(stack.api).signIn('changing@example.org', 'a longer horse battery')).status,
      ).toBe(200);
    });
  });
});
