import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Browser, PASSWORD } from '../support/browser.js';
import { startOidcProvider, type OidcProvider } from '../support/oidc-provider.js';
import { startStack, type Stack } from '../support/stack.js';

/** An installation as in production: accounts by invitation, a public address with TLS, an OpenID Connect provider. */
describe('signing in where accounts come by invitation', () => {
  const publicUrl = 'https://sesame.example';
  let provider: OidcProvider;
  let stack: Stack;
  let database: pg.Client;
  /** The first owner, whom the operator made. */
  let founder: Browser;
  /** Of a session that somebody had. */
  let cookie: string;

  /** Behind the proxy that terminates TLS. */
  const browser = () => new Browser(stack.api, { origin: publicUrl });

  beforeAll(async () => {
    provider = await startOidcProvider();
    stack = await startStack({
      workers: 0,
      env: {
        SESAME_SIGN_UP: 'invited',
        SESAME_PUBLIC_URL: publicUrl,
        SESAME_OIDC_ISSUER: provider.issuer,
        SESAME_OIDC_CLIENT_ID: provider.clientId,
        SESAME_OIDC_CLIENT_SECRET: provider.clientSecret,
        SESAME_OIDC_NAME: 'Example ID',
      },
    });
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    founder = browser();
    await founder.signIn('founder@example.org', await bootstrap('founder@example.org'));
  }, 120_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
    await provider?.close();
  }, 30_000);

  /** Runs the operator's program. @returns the password that it shows */
  async function bootstrap(email: string): Promise<string> {
    const program = join(import.meta.dirname, '..', '..', 'dist', 'apps', 'api', 'src', 'bootstrap-cli.js');
    const env = { ...stack.environment, ADMIN_EMAIL: email, ORGANIZATION_ID: stack.organization.id };
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env });
    const line = stdout.split('\n').find((candidate) => candidate.includes('admin_password')) ?? '{}';
    return (JSON.parse(line) as { admin_password: string }).admin_password;
  }

  async function invitation(email: string, role: string): Promise<{ token: string; url: string }> {
    const path = `/v1/organizations/${stack.organization.id}/invitations`;
    return (await founder.call<{ token: string; url: string }>('POST', path, { email, role })).body;
  }

  it('takes nobody without one, nor with the one of somebody else', async () => {
    const { token, url } = await invitation('ann@example.org', 'admin');
    expect(url).toBe(`${publicUrl}/app/invitations/${token}`);
    const attempts: [string, string | undefined][] = [
      ['ann@example.org', undefined],
      ['ann@example.org', 'made-up'],
      ['bob@example.org', token],
    ];
    for (const [email, named] of attempts) {
      const answer = await browser().signUp(email, named === undefined ? {} : { invitation: named });
      expect([email, named, answer.status]).toEqual([email, named, 403]);
    }
    const ann = browser();
    const signedUp = await ann.signUp('Ann@example.org', { invitation: token });
    expect(signedUp.status).toBe(200);
    cookie = ann.cookies.get('__Secure-sesame.session_token') ?? '';
    expect(signedUp.headers.get('set-cookie')).toMatch(/__Secure-sesame\.session_token=.*Secure/i);
    expect((await ann.call('GET', '/v1/me')).body).toMatchObject({
      role: 'admin',
      organizations: [{ id: stack.organization.id }],
    });
  });

  it('expects pages at the public address only', async () => {
    const ann = browser();
    await ann.signIn('ann@example.org');
    expect((await ann.call('POST', '/v1/projects', { name: 'One' })).status).toBe(201);
    const elsewhere = { origin: stack.api };
    expect((await ann.call('POST', '/v1/projects', { name: 'Two' }, elsewhere)).status).toBe(403);
  });

  describe('with the OpenID Connect provider', () => {
    const carol = { sub: 'c-1', email: 'carol@example.org', name: 'Carol', email_verified: true };

    async function signIn(who: Browser, person = carol): Promise<string> {
      const begun = await who.call<{ url: string }>('POST', '/auth/sign-in/social', {
        provider: 'oidc',
        callbackURL: '/app',
      });
      expect(begun.status).toBe(200);
      const back = provider.authorize(begun.body.url, person);
      expect(back.origin + back.pathname).toBe(`${publicUrl}/auth/callback/oidc`);
      const done = await who.call('GET', back.pathname + back.search);
      return `${done.status} ${done.headers.get('location') ?? ''}`;
    }

    it('makes a user on the first sign-in and finds them on the next', async () => {
      const who = browser();
      expect(await signIn(who)).toMatch(/^302 .*\/app$/);
      const me = await who.call('GET', '/v1/me');
      expect(me.body).toMatchObject({ user: { email: 'carol@example.org' }, organizations: [], role: null });
      const { token } = await invitation('carol@example.org', 'developer');
      expect((await who.call('POST', `/v1/invitations/${token}/accept`)).status).toBe(200);

      const again = browser();
      await signIn(again);
      expect((await again.call('GET', '/v1/me')).body).toMatchObject({
        user: (me.body as { user: object }).user,
        role: 'developer',
      });
    });

    it('is offered by its name, and a refusal there leads back to the sign-in page', async () => {
      const ways = await browser().call('GET', '/v1/sign-in');
      expect(ways.body).toEqual({
        object: 'sign_in',
        sign_up: 'invited',
        oidc: { name: 'Example ID' },
      });
      const who = browser();
      const begun = await who.call<{ url: string }>('POST', '/auth/sign-in/social', {
        provider: 'oidc',
        callbackURL: '/app/projects',
        errorCallbackURL: '/app/sign-in?to=%2Fmembers',
      });
      const back = provider.authorize(begun.body.url, carol);
      back.searchParams.delete('code');
      back.searchParams.set('error', 'access_denied');
      const refused = await who.call('GET', back.pathname + back.search);
      expect([refused.status, refused.headers.get('location')]).toEqual([
        302,
        '/app/sign-in?to=%2Fmembers&error=access_denied',
      ]);
      // Nothing is known any more of where it began.
      const again = await who.call('GET', back.pathname + back.search);
      expect([again.status, again.headers.get('location')]).toEqual([
        302,
        expect.stringMatching(/^\/app\/sign-in\?error=\w+/),
      ]);
      expect((await who.call('GET', '/v1/me')).status).toBe(401);
    });

    it('brings somebody who may not make an organization: accounts come by invitation', async () => {
      const who = browser();
      await signIn(who, { sub: 'd-1', email: 'dora@example.org', name: 'Dora', email_verified: true });
      expect((await who.call('GET', '/v1/me')).body).toMatchObject({
        organizations: [],
        may_create_organization: false,
        user: { has_password: false },
      });
      expect((await who.call('POST', '/v1/organizations', { name: 'Mine' })).body).toMatchObject({
        statusCode: 403,
        remedy: expect.stringContaining('invitation'),
      });
      expect((await founder.call('POST', '/v1/organizations', { name: 'Another' })).status).toBe(201);
    });

    it('takes an answer only once, and only in the browser that asked', async () => {
      const who = browser();
      const begun = await who.call<{ url: string }>('POST', '/auth/sign-in/social', { provider: 'oidc' });
      const back = provider.authorize(begun.body.url, { ...carol, sub: 'mallory' });
      const victim = browser();
      await victim.call('GET', back.pathname + back.search);
      expect((await victim.call('GET', '/v1/me')).status).toBe(401);
    });

    it('does not let it take over an account with a password', async () => {
      const who = browser();
      await signIn(who, { sub: 'x-1', email: 'ann@example.org', name: 'Not Ann', email_verified: false });
      expect((await who.call('GET', '/v1/me')).status).toBe(401);
      expect((await browser().signIn('ann@example.org')).status).toBe(200);
    });
  });

  it('is possible for an owner whom the operator made, and again with a new password when it is lost', async () => {
    const first = await bootstrap('boss@example.org');
    const boss = browser();
    expect((await boss.signIn('boss@example.org', first)).status).toBe(200);
    expect((await boss.call('GET', '/v1/me')).body).toMatchObject({
      role: 'owner',
      organization_id: stack.organization.id,
    });
    const second = await bootstrap('boss@example.org');
    expect((await boss.call('GET', '/v1/me')).status).toBe(401);
    expect((await browser().signIn('boss@example.org', first)).status).toBe(401);
    expect((await browser().signIn('boss@example.org', second)).status).toBe(200);
  }, 60_000);

  it('slows down who guesses', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 32; guess++)
      statuses.push((await browser().signIn('ann@example.org', `guess number ${guess}`)).status);
    expect(statuses).toContain(429);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    const late = await browser().signIn('ann@example.org', PASSWORD);
    expect([late.status, late.body['name']]).toEqual([429, 'rate_limit_exceeded']);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  }, 60_000);

  it('writes down no password, token or secret, neither in a log nor readable in a row', async () => {
    const logs = stack.processes.flatMap(({ lines }) => lines).join('\n');
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'user%'`,
    );
    const rows: string[] = [];
    for (const { name } of tables)
      rows.push(JSON.stringify((await database.query(`SELECT * FROM ${name}`)).rows));
    const secrets = [PASSWORD, provider.clientSecret, 'ann@example.org', cookie.split('.')[0] ?? cookie];
    expect(secrets.filter((secret) => logs.includes(secret))).toEqual([]);
    expect(
      [PASSWORD, provider.clientSecret, 'guess number', decodeURIComponent(cookie)].filter((secret) =>
        rows.join('').includes(secret),
      ),
    ).toEqual([]);
    expect(rows.join('')).toContain('ann@example.org');
  });
});
