import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Browser, PASSWORD, totp } from '../support/browser.js';
import { call, type Answer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

interface Me {
  user: { id: string; email: string; two_factor_enabled: boolean };
  organizations: { id: string; role: string }[];
  organization_id: string | null;
  role: string | null;
  may: Record<string, boolean>;
}

describe('people', () => {
  let stack: Stack;
  let database: pg.Client;
  let owner: Browser;
  let organizationId: string;

  const browser = () => new Browser(stack.api);
  const me = async (who: Browser): Promise<Me> => (await who.call<Me>('GET', '/v1/me')).body;
  const statusOf = async (answer: Promise<Answer<unknown>>): Promise<number> => (await answer).status;

  /** A new user with an organization of their own. */
  async function newcomer(email: string): Promise<Browser> {
    const who = browser();
    expect(await statusOf(who.signUp(email))).toBe(200);
    return who;
  }

  /** A new user who was invited to the owner's organization. */
  async function invited(email: string, role: string): Promise<Browser> {
    const { body } = await owner.call<{ token: string }>(
      'POST',
      `/v1/organizations/${organizationId}/invitations`,
      { email, role },
    );
    const who = browser();
    expect(await statusOf(who.signUp(email, { invitation: body.token }))).toBe(200);
    return who;
  }

  beforeAll(async () => {
    stack = await startStack({ workers: 0 });
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    owner = await newcomer('owner@example.org');
    organizationId = (await me(owner)).organization_id ?? '';
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  });

  describe('signing in', () => {
    it('makes a session that /v1/me describes, in a cookie that scripts cannot read', async () => {
      const who = browser();
      const signedUp = await who.signUp('Ann@Example.org');
      expect(signedUp.headers.get('set-cookie')).toMatch(/sesame\.session_token=.*HttpOnly; SameSite=Lax/i);
      expect(await me(who)).toMatchObject({
        user: { email: 'ann@example.org', two_factor_enabled: false },
        organizations: [{ name: 'Ann', role: 'owner' }],
        role: 'owner',
        may: { read: true, send: true, manage: true, administer: true, own: true },
      });
      expect((await who.signIn('ann@example.org')).status).toBe(200);
    });

    it('refuses a wrong password and an unknown address alike', async () => {
      const wrong = await browser().signIn('owner@example.org', 'something else entirely');
      const unknown = await browser().signIn('nobody@example.org', PASSWORD);
      const { request_id: _, ...body } = wrong.body;
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      expect(unknown.body).toMatchObject(body);
      expect(body).toEqual({
        statusCode: 401,
        name: 'validation_error',
        message: 'Invalid email or password',
        code: 'INVALID_EMAIL_OR_PASSWORD',
      });
    });

    it('ends a session for good when its owner signs out: a stolen cookie opens nothing', async () => {
      const who = browser();
      await who.signIn('owner@example.org');
      const thief = who.with({});
      expect(await statusOf(thief.call('GET', '/v1/me'))).toBe(200);
      expect(await statusOf(who.call('POST', '/auth/sign-out', {}))).toBe(200);
      expect(who.cookies.size).toBe(0);
      expect(await statusOf(thief.call('GET', '/v1/me'))).toBe(401);
      expect(await statusOf(thief.call('GET', '/v1/projects'))).toBe(401);
      expect((await thief.call('GET', '/auth/get-session')).body).toBeNull();
    });

    it('gives a new session for each sign-in, whatever cookie was there: nobody can fix one beforehand', async () => {
      const attacker = await newcomer('attacker@example.org');
      const planted = attacker.cookies.get('sesame.session_token') ?? '';
      const victim = browser();
      victim.cookies.set('sesame.session_token', planted);
      await victim.signIn('owner@example.org');
      expect(victim.cookies.get('sesame.session_token')).not.toBe(planted);
      expect((await me(victim)).user.email).toBe('owner@example.org');
      const stillPlanted = browser();
      stillPlanted.cookies.set('sesame.session_token', planted);
      const answer = await stillPlanted.call<Me>('GET', '/v1/me');
      expect(answer.body.user?.email ?? 'nobody').not.toBe('owner@example.org');
      const forged = browser();
      forged.cookies.set('sesame.session_token', 'fixed-by-me');
      expect(await statusOf(forged.call('GET', '/v1/me'))).toBe(401);
    });

    it('refuses what another site makes a browser send', async () => {
      const foreign = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      ];
      for (const headers of foreign) {
        const answers = [
          await owner.call('POST', '/v1/projects', { name: 'Forged' }, headers),
          await owner.call('POST', '/auth/sign-out', {}, headers),
          await browser().call(
            'POST',
            '/auth/sign-in/email',
            { email: 'owner@example.org', password: PASSWORD },
            headers,
          ),
        ];
        expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
      }
      const silent = await fetch(`${stack.api}/v1/projects`, {
        method: 'POST',
        headers: {
          cookie: [...owner.cookies].map((pair) => pair.join('=')).join('; '),
          'content-type': 'application/json',
        },
        body: '{"name":"Forged"}',
      });
      expect(silent.status).toBe(403);
      expect((await me(owner)).role).toBe('owner');
      expect(JSON.stringify((await owner.call('GET', '/v1/projects')).body)).not.toContain('Forged');
    });

    it('asks for the second factor once it is on, and takes each backup code once', async () => {
      const who = await newcomer('careful@example.org');
      const enabled = await who.call<{ totpURI: string; backupCodes: string[] }>(
        'POST',
        '/auth/two-factor/enable',
        {
          password: PASSWORD,
        },
      );
      const { totpURI, backupCodes } = enabled.body;
      expect(await statusOf(who.call('POST', '/auth/two-factor/verify-totp', { code: totp(totpURI) }))).toBe(
        200,
      );
      expect((await me(who)).user.two_factor_enabled).toBe(true);

      const again = browser();
      expect((await again.signIn('careful@example.org')).body).toMatchObject({ twoFactorRedirect: true });
      expect(await statusOf(again.call('GET', '/v1/me'))).toBe(401);
      expect(
        await statusOf(again.call('POST', '/auth/two-factor/verify-totp', { code: '000000' })),
      ).toBeGreaterThanOrEqual(400);
      expect(await statusOf(again.call('GET', '/v1/me'))).toBe(401);
      expect(
        await statusOf(again.call('POST', '/auth/two-factor/verify-totp', { code: totp(totpURI) })),
      ).toBe(200);
      expect((await me(again)).user.email).toBe('careful@example.org');

      const code = backupCodes[0] ?? '';
      const outcomes: number[] = [];
      for (let turn = 0; turn < 2; turn++) {
        const lost = browser();
        await lost.signIn('careful@example.org');
        outcomes.push(await statusOf(lost.call('POST', '/auth/two-factor/verify-backup-code', { code })));
      }
      expect(outcomes).toEqual([200, 401]);
      const { rows } = await database.query('SELECT * FROM user_second_factors');
      expect(JSON.stringify(rows)).not.toContain(new URL(totpURI).searchParams.get('secret'));
    });

    it('answers bad input with an error that says what is wrong', async () => {
      const bad: [unknown, number][] = [
        [{}, 400],
        [{ email: 'x@example.org' }, 400],
        [{ name: 'x', email: 'no-address', password: PASSWORD }, 400],
        [{ name: 'x', email: 'x@example.org', password: 'short' }, 400],
        ['{"email":', 400],
        [['a'], 400],
      ];
      for (const [body, status] of bad) {
        const answer = await browser().call('POST', '/auth/sign-up/email', body);
        expect([body, answer.status, answer.body]).toEqual([
          body,
          status,
          expect.objectContaining({ statusCode: status, request_id: expect.any(String) }),
        ]);
      }
      expect((await browser().call('GET', '/auth/nothing')).body).toMatchObject({ name: 'not_found' });
    });
  });

  describe('members', () => {
    it('come by invitation, with the role that it names, once', async () => {
      const { body } = await owner.call<{ id: string; token: string; url: string }>(
        'POST',
        `/v1/organizations/${organizationId}/invitations`,
        { email: 'Dev@Example.org', role: 'developer' },
      );
      expect(body.url).toBe(`${stack.api}/app/invitations/${body.token}`);
      const rows = await database.query('SELECT * FROM invitations');
      expect(JSON.stringify(rows.rows)).not.toContain(body.token);

      const other = await newcomer('other@example.org');
      const refused = await other.call('POST', `/v1/invitations/${body.token}/accept`);
      expect([refused.status, refused.body['message']]).toEqual([
        403,
        'This invitation is for another e-mail address than the one you are signed in with.',
      ]);
      const dev = await newcomer('dev@example.org');
      expect((await dev.call('POST', `/v1/invitations/${body.token}/accept`)).body).toEqual({
        object: 'membership',
        organization_id: organizationId,
        role: 'developer',
      });
      expect(await statusOf(dev.call('POST', `/v1/invitations/${body.token}/accept`))).toBe(404);
      const inOurs = dev.with({ 'x-sesame-organization': organizationId });
      expect(await me(inOurs)).toMatchObject({
        organization_id: organizationId,
        role: 'developer',
        may: { read: true, send: true, manage: true, administer: false, own: false },
      });
      expect(await statusOf(inOurs.call('POST', '/v1/projects', { name: 'x' }))).toBe(403);
      expect(await statusOf(inOurs.call('GET', '/v1/projects'))).toBe(200);
    });

    it('are changed by admins, owners only by owners, and never is there no owner', async () => {
      const admin = await invited('admin@example.org', 'admin');
      const viewer = await invited('watcher@example.org', 'viewer');
      const [ownerId, adminId, viewerId] = await Promise.all(
        [owner, admin, viewer].map(async (who) => (await me(who)).user.id),
      );
      const members = `/v1/organizations/${organizationId}/members`;
      const role = (who: Browser, id: string | undefined, to: string) =>
        statusOf(who.call('PATCH', `${members}/${id}`, { role: to }));

      expect(await role(viewer, viewerId, 'admin')).toBe(403);
      expect(await role(admin, viewerId, 'developer')).toBe(200);
      expect(await role(admin, adminId, 'owner')).toBe(403);
      expect(await role(admin, ownerId, 'viewer')).toBe(403);
      expect(await statusOf(admin.call('DELETE', `${members}/${ownerId}`))).toBe(403);
      expect(await role(owner, ownerId, 'admin')).toBe(409);
      expect(await statusOf(owner.call('DELETE', `${members}/${ownerId}`))).toBe(409);
      expect(await role(owner, adminId, 'owner')).toBe(200);
      expect(await role(admin, ownerId, 'admin')).toBe(200);
      expect(await role(admin, ownerId, 'owner')).toBe(200);
      expect(await statusOf(owner.call('DELETE', `${members}/${viewerId}`))).toBe(200);
      expect(await statusOf(viewer.call('GET', '/v1/projects'))).toBe(403);
      expect(await me(viewer)).toMatchObject({ organizations: [], organization_id: null, role: null });
    });

    it('of two owners who demote each other at the same time, one stays', async () => {
      const first = await newcomer('first@example.org');
      const id = (await me(first)).organization_id ?? '';
      const { body } = await first.call<{ token: string }>('POST', `/v1/organizations/${id}/invitations`, {
        email: 'second@example.org',
        role: 'owner',
      });
      const second = browser();
      await second.signUp('second@example.org', { invitation: body.token });
      const ids = await Promise.all([first, second].map(async (who) => (await me(who)).user.id));
      const outcomes = await Promise.all([
        statusOf(first.call('PATCH', `/v1/organizations/${id}/members/${ids[1]}`, { role: 'viewer' })),
        statusOf(second.call('PATCH', `/v1/organizations/${id}/members/${ids[0]}`, { role: 'viewer' })),
      ]);
      expect(outcomes).toContain(200);
      const { rows } = await database.query(
        `SELECT count(*)::int AS owners FROM members WHERE organization_id = $1 AND role = 'owner'`,
        [id],
      );
      expect(rows).toEqual([{ owners: 1 }]);
    });

    it('can be kept from coming: a revoked invitation is none', async () => {
      const path = `/v1/organizations/${organizationId}/invitations`;
      const { body } = await owner.call<{ id: string; token: string }>('POST', path, {
        email: 'late@example.org',
      });
      expect(JSON.stringify((await owner.call('GET', path)).body)).toContain(body.id);
      expect(await statusOf(owner.call('DELETE', `${path}/${body.id}`))).toBe(200);
      expect(await statusOf(owner.call('DELETE', `${path}/${body.id}`))).toBe(404);
      expect(JSON.stringify((await owner.call('GET', path)).body)).not.toContain(body.id);
      expect(await statusOf(browser().signUp('late@example.org', { invitation: body.token }))).toBe(403);
    });
  });

  describe('sessions and projects', () => {
    it("name the project of Resend's routes by a header, and only their own", async () => {
      const project = (await owner.call<{ id: string }>('POST', '/v1/projects', { name: 'Mine' })).body.id;
      const stranger = await newcomer('stranger@example.org');
      const foreign = (await stranger.call<{ id: string }>('POST', '/v1/projects', { name: 'Theirs' })).body
        .id;
      expect((await owner.call('GET', '/emails')).body).toMatchObject({
        statusCode: 422,
        field: 'x-sesame-project',
      });
      expect(await statusOf(owner.with({ 'x-sesame-project': project }).call('GET', '/emails'))).toBe(200);
      for (const id of [foreign, '01930000-0000-7000-8000-000000000000', 'nonsense'])
        expect((await owner.with({ 'x-sesame-project': id }).call('GET', '/emails')).body).toMatchObject({
          statusCode: 404,
          message: 'Project not found',
        });
      expect(await statusOf(owner.call('GET', `/v1/projects/${foreign}`))).toBe(404);
      const key = await owner
        .with({ 'x-sesame-project': project })
        .call<{ token: string }>('POST', '/api-keys', { name: 'from the dashboard' });
      expect(key.status).toBe(201);
      expect((await call(stack.api, key.body.token, 'GET', '/emails')).status).toBe(200);
      // A key counts more than a cookie, and says nothing about a person.
      expect((await call(stack.api, key.body.token, 'GET', '/v1/me')).body).toMatchObject({
        statusCode: 401,
      });
    });

    it('make and revoke keys of the organization', async () => {
      const path = `/v1/organizations/${organizationId}/api-keys`;
      const { body } = await owner.call<{ id: string; token: string }>('POST', path, { name: 'terraform' });
      const withKey = async (method: string, to: string) =>
        (await call(stack.api, body.token, method, to)).status;
      expect(await withKey('GET', '/v1/projects')).toBe(200);
      expect(await withKey('GET', `/v1/organizations/${organizationId}`)).toBe(200);
      expect(await withKey('GET', `/v1/organizations/${stack.organization.id}`)).toBe(404);
      expect(JSON.stringify((await owner.call('GET', path)).body)).not.toContain(body.token);
      expect(await statusOf(owner.call('DELETE', `${path}/${body.id}`))).toBe(200);
      expect(await withKey('GET', '/v1/projects')).toBe(401);
    });

    it('rename their organization', async () => {
      const path = `/v1/organizations/${organizationId}`;
      expect((await owner.call('PATCH', path, { name: 'Ours' })).body).toMatchObject({ name: 'Ours' });
      expect((await me(owner)).organizations).toEqual([expect.objectContaining({ name: 'Ours' })]);
      expect(await statusOf(owner.call('PATCH', path, { name: '' }))).toBe(422);
    });
  });
});
