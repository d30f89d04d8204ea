import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { totp } from '../support/browser.js';
import { startStack, type Stack } from '../support/stack.js';
import { describeInBrowser, launchBrowser, password, signUpAs, Visitor } from '../support/visitor.js';

jest.setTimeout(120_000);

describeInBrowser('people at the dashboard', () => {
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const signUp = (name: string, path?: string): Promise<Visitor> => signUpAs(browser, stack.api, name, path);

  async function signIn(visitor: Visitor, name: string, withPassword = password): Promise<void> {
    await visitor.fill('E-mail', `${name.toLowerCase()}@example.com`);
    await visitor.fill('Password', withPassword);
    await visitor.press('Sign in');
  }

  test('a page behind the sign-in is shown after it; a wrong password is told', async () => {
    await (await signUp('Grace')).context.close();
    const visitor = await Visitor.open(browser, stack.api);
    await visitor.go('/members');
    await visitor.heading('Sign in');
    expect(await visitor.accessibilityProblems()).toEqual([]);
    await visitor.picture('sign-in');
    await signIn(visitor, 'Grace', 'open-barley-2026');
    await visitor.page.getByRole('alert').waitFor();
    await signIn(visitor, 'Grace');
    await visitor.heading('Members');
    await visitor.context.close();
  });

  test('a second factor is turned on, and asked for at the next sign-in', async () => {
    const visitor = await signUp('Alan');
    await visitor.go('/account');
    await visitor.fill('Password', password);
    await visitor.press('Set up');
    const link = visitor.page.getByRole('link', { name: 'Open in an authenticator of this device' });
    const uri = (await link.getAttribute('href')) ?? '';
    expect(await visitor.accessibilityProblems()).toEqual([]);
    await visitor.fill('Code that it shows now', totp(uri));
    await visitor.press('Turn on');
    await visitor.sees('Signing in needs a code of your authenticator.');
    await visitor.press('Sign out');
    await visitor.heading('Sign in');
    await signIn(visitor, 'Alan');
    await visitor.heading('Enter the code');
    await visitor.fill('Code of your authenticator', totp(uri));
    await visitor.press('Continue');
    await visitor.heading('Projects');
    await visitor.context.close();
  });

  test('somebody invited to look comes in by the link, and is refused to change', async () => {
    const owner = await signUp('Ada');
    await owner.fill('Name', 'Shop');
    await owner.press('Create project');
    await owner.heading('Connections');
    await owner.go('/members');
    await owner.fill('E-mail', 'edsger@example.com');
    await owner.page.getByLabel('Role', { exact: true }).selectOption('viewer');
    await owner.press('Invite');
    await owner.sees('Send this link to edsger@example.com');
    const url = (await owner.page.locator('code').first().textContent()) ?? '';
    const guest = await signUp('Edsger', new URL(url).pathname.replace(/^\/app/, ''));
    await guest.sees('Shop');
    await guest.sees('does not allow you to make projects');
    expect(await guest.page.getByRole('button', { name: 'Create project' }).count()).toBe(0);
    await guest.context.close();
    await owner.context.close();
  });

  test('a page that does not exist says so', async () => {
    const visitor = await Visitor.open(browser, stack.api);
    await visitor.go('/nothing/here');
    await visitor.heading('There is no such page');
    expect(await visitor.accessibilityProblems()).toEqual([]);
    await visitor.context.close();
  });
});
