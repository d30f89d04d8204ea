import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startOidcProvider, type OidcProvider } from '../support/oidc-provider.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';
import { describeInBrowser, launchBrowser, password, signUpAs, Visitor } from '../support/visitor.js';

jest.setTimeout(120_000);

describeInBrowser('organizations at the dashboard', () => {
  let provider: OidcProvider;
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    [provider, browser] = await Promise.all([startOidcProvider(), launchBrowser()]);
    stack = await startStack({
      workers: 0,
      env: {
        SESAME_OIDC_ISSUER: provider.issuer,
        SESAME_OIDC_CLIENT_ID: provider.clientId,
        SESAME_OIDC_CLIENT_SECRET: provider.clientSecret,
        SESAME_OIDC_NAME: 'Example ID',
      },
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
    await provider?.close();
  });

  const signUp = (name: string, path?: string): Promise<Visitor> => signUpAs(browser, stack.api, name, path);

  async function makeProject(visitor: Visitor, name: string): Promise<string> {
    await visitor.fill('Name', name);
    await visitor.press('Create project');
    await visitor.heading('Connections');
    return new URL(visitor.page.url()).pathname.replace(/^\/app/, '');
  }

  /** The link of an invitation, below /app. */
  async function invite(owner: Visitor, email: string, role: string): Promise<string> {
    await owner.go('/members');
    await owner.fill('E-mail', email);
    await owner.page.getByLabel('Role', { exact: true }).selectOption(role);
    await owner.press('Invite');
    await owner.sees(`Send this link to ${email}`);
    return new URL((await owner.page.locator('code').first().textContent()) ?? '').pathname.replace(
      /^\/app/,
      '',
    );
  }

  async function isAccessible(visitor: Visitor): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await visitor.page.emulateMedia({ colorScheme });
      expect(await visitor.accessibilityProblems()).toEqual([]);
    }
    await visitor.page.emulateMedia({ colorScheme: 'light' });
  }

  const current = (visitor: Visitor) =>
    visitor.page.getByLabel('Organization', { exact: true }).locator('option:checked').textContent();
  const untilCurrent = (visitor: Visitor, name: string) =>
    until(`organization ${name}`, async () => (await current(visitor)) === name);

  test('somebody in two goes from one to the other; links into either open', async () => {
    const ada = await signUp('Ada');
    const shop = await makeProject(ada, 'Shop');
    await ada.go('/organization');
    await ada.fill('Name of the new organization', 'Second');
    await ada.press('Make organization');
    await ada.sees('No project yet');
    await untilCurrent(ada, 'Second');
    const lab = await makeProject(ada, 'Lab');

    await ada.go(shop);
    await ada.heading('Connections');
    await untilCurrent(ada, 'Ada');
    await ada.page.getByRole('link', { name: 'Projects', exact: true }).click();
    await ada.sees('Shop');
    expect(await ada.page.getByText('Lab').count()).toBe(0);

    await ada.page.getByLabel('Organization', { exact: true }).selectOption('Second');
    await ada.sees('Lab');
    expect(await ada.page.getByText('Shop').count()).toBe(0);
    await ada.go('/projects');
    await ada.sees('Lab');
    await isAccessible(ada);

    // From within a project of the one.
    await ada.go(lab);
    await ada.heading('Connections');
    await ada.page.getByLabel('Organization', { exact: true }).selectOption('Ada');
    await ada.heading('Projects');
    await ada.sees('Shop');
    await ada.go('/audit');
    await ada.heading('Audit log');

    // On a phone the choice is in the menu.
    await ada.page.setViewportSize({ width: 375, height: 750 });
    await ada.press('Menu');
    await ada.page.getByLabel('Organization', { exact: true }).last().selectOption('Second');
    await ada.sees('Lab');
    expect(ada.complaints).toEqual([]);
    await ada.context.close();
  });

  test('a key of the organization is made with a role, works as far as that goes, and is revoked', async () => {
    const kay = await signUp('Kay');
    await kay.go('/organization');
    await kay.fill('Name of the key', 'terraform');
    await kay.page.getByLabel('Role of the key').selectOption('viewer');
    await kay.press('Make key');
    await kay.sees('Copy it now');
    await isAccessible(kay);
    const token = await kay.page.locator('code').first().textContent();
    const status = async (method: string) =>
      (
        await fetch(`${stack.api}/v1/projects`, {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(method === 'POST' && { body: '{"name":"By a program"}' }),
        })
      ).status;
    expect([await status('GET'), await status('POST')]).toEqual([200, 401]);
    await kay.press('Revoke terraform');
    await kay.press('Revoke');
    await kay.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await status('GET')).toBe(401);
    await kay.context.close();
  });

  test('a member leaves; the last owner cannot, and deletes what has no project', async () => {
    const eve = await signUp('Eve');
    const link = await invite(eve, 'bob@example.com', 'developer');
    const bob = await signUp('Bob', link);
    await bob.go('/organization');
    await bob.heading('Leave this organization');
    await bob.sees('does not allow you to see or make keys of the organization');
    expect(await bob.page.getByRole('heading', { name: 'Delete this organization' }).count()).toBe(0);
    await isAccessible(bob);
    await bob.press('Leave organization');
    await bob.press('Leave');
    await bob.heading('No organization');
    await isAccessible(bob);
    await bob.fill('Name of the new organization', 'Bob and sons');
    await bob.press('Make organization');
    await bob.heading('Projects');
    await bob.context.close();

    await eve.go('/organization');
    await eve.press('Leave organization');
    await eve.press('Leave');
    await eve.sees('This is the last owner of the organization.');
    await eve.press('Keep it');
    await eve.page.getByLabel('Type “Eve” to confirm').fill('eve');
    expect(await eve.page.getByRole('button', { name: 'Delete organization' }).isDisabled()).toBe(true);
    await eve.go('/projects');
    await makeProject(eve, 'Shop');
    await eve.go('/organization');
    await eve.page.getByLabel('Type “Eve” to confirm').fill('Eve');
    await eve.press('Delete organization');
    await eve.sees('The organization still has projects: Shop.');
    const { data } = (await (await eve.context.request.get('/v1/projects')).json()) as {
      data: { id: string }[];
    };
    await eve.context.request.delete(`/v1/projects/${data[0]?.id ?? ''}`, { headers: { origin: stack.api } });
    await eve.press('Delete organization');
    await eve.heading('No organization');
    expect(eve.complaints).toEqual([]);
    await eve.context.close();
  });

  test('the pages of signing up and of an invitation are readable in both themes', async () => {
    const owner = await signUp('Ines');
    const link = await invite(owner, 'tom@example.com', 'viewer');
    const guest = await Visitor.open(browser, stack.api);
    await guest.go('/sign-up');
    await guest.heading('Create an account');
    await guest.sees('Continue with Example ID');
    await isAccessible(guest);
    await guest.picture('sign-up');
    await guest.go(link);
    await guest.heading('You are invited');
    await guest.page.getByRole('link', { name: 'Create an account' }).waitFor();
    await isAccessible(guest);
    await guest.context.close();
    const tom = await signUp('Tom');
    await tom.go(link);
    await tom.page.getByRole('button', { name: 'Join the organization' }).waitFor();
    await isAccessible(tom);
    await tom.picture('invitation');
    await tom.press('Join the organization');
    await tom.heading('Projects');
    await untilCurrent(tom, 'Ines');
    await tom.context.close();
    await owner.context.close();
  });

  test('the provider is a button; a refusal there is told, and no password is asked for afterwards', async () => {
    const olga = await Visitor.open(browser, stack.api);
    await olga.go('/members');
    await olga.heading('Sign in');
    await olga.press('Continue with Example ID');
    await olga.page.getByRole('link', { name: 'Refuse' }).click();
    await olga.sees('The sign-in was refused or canceled at Example ID.');
    await isAccessible(olga);
    await olga.picture('sign-in-refused');
    await olga.press('Continue with Example ID');
    await olga.page.getByRole('link', { name: 'Sign in as Olga' }).click();
    // Where she wanted to go at first.
    await olga.heading('Members');
    await olga.go('/account');
    await olga.heading('Sessions');
    await olga.sees('You sign in by the identity provider');
    expect(await olga.page.getByRole('heading', { name: 'Password', exact: true }).count()).toBe(0);
    expect(olga.complaints).toEqual([]);
    await olga.context.close();
  });

  test('other sessions are signed out, one or all, and a new password does so as well', async () => {
    const here = await signUp('Sam');
    const signIn = async (withPassword = password) => {
      const visitor = await Visitor.open(browser, stack.api);
      await visitor.go('/sign-in');
      await visitor.fill('E-mail', 'sam@example.com');
      await visitor.fill('Password', withPassword);
      await visitor.press('Sign in');
      await visitor.heading('Projects');
      return visitor;
    };
    const isOut = async (visitor: Visitor) => {
      await visitor.go('/projects');
      await visitor.heading('Sign in');
      await visitor.context.close();
    };
    const there = await signIn();
    await here.go('/account');
    await here.press('Sign out other sessions');
    await here.page.getByRole('button', { name: 'Sign out other sessions' }).waitFor({ state: 'detached' });
    await isOut(there);
    const again = await signIn();
    await here.fill('Current password', password);
    await here.fill('New password', 'close-sesame-2027');
    await here.press('Change password');
    await here.sees('Changed.');
    await isAccessible(here);
    await isOut(again);
    await here.go('/projects');
    await here.heading('Projects');
    await (await signIn('close-sesame-2027')).context.close();
    expect(here.complaints).toEqual([]);
    await here.context.close();
  });
});
