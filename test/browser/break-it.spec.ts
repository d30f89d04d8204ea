import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Customer } from '../support/customer.js';
import { signedIn } from '../support/signed-in.js';
import { startStack, type Stack } from '../support/stack.js';
import { describeInBrowser, launchBrowser, Visitor } from '../support/visitor.js';

jest.setTimeout(60_000);

/** The tour of the connection page: every button shows its own diagnosis, and the last one makes all of it good. */
describeInBrowser('try to break it', () => {
  let stack: Stack;
  let browser: Browser;
  let visitor: Visitor;
  let customer: Customer;
  let path: string;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([
      startStack({ breakable: true, env: { SESAME_VERIFY_WINDOW_SECONDS: '1' } }),
      launchBrowser(),
    ]);
    ({ visitor, customer } = await signedIn(browser, stack));
    const { id } = await customer.connect();
    await customer.untilEmail(await customer.send({ connection_id: id }), 'sent');
    path = `/projects/${customer.projectId}/connections/${id}`;
    await visitor.go(path);
    await visitor.heading('Try to break it');
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const panel = () =>
    visitor.page.locator('section').filter({
      has: visitor.page.getByRole('heading', { name: 'Try to break it' }),
    });
  const steps = () => visitor.page.getByRole('list', { name: 'Steps of the tour' });
  const step = (action: string) => steps().getByRole('listitem').filter({ hasText: action }).first();
  const finding = (title: string) =>
    visitor.page.getByRole('list', { name: 'What Sesame finds' }).getByRole('listitem').filter({
      hasText: title,
    });
  const untilAnswered = () => visitor.page.getByText('The eight checks run…').waitFor({ state: 'hidden' });

  test.each([
    [
      'Delete the role',
      'The role opens with the external ID',
      'failed',
      /the role may not exist.*Check three things in account 444455556666/s,
    ],
    [
      'Drop the external ID',
      'The role stays shut without one',
      'failed',
      /opens without any external ID.*Replace the trust policy/s,
    ],
    [
      'Accept any external ID',
      'The role stays shut for a wrong one',
      'failed',
      /never issued.*Replace the trust policy/s,
    ],
    [
      'Remove ses:SendEmail',
      'The role may send',
      'failed',
      /does not allow ses:SendEmail.*Allow ses:SendEmail on/s,
    ],
    [
      'Shorten the sessions',
      'Sessions last as long as asked for',
      'failed',
      /MaxSessionDuration is below 7200.*Raise the maximum session duration/s,
    ],
    [
      'Pause sending',
      'Amazon SES is ready in this region',
      'failed',
      /Sending is switched off.*Switch sending on again/s,
    ],
    [
      'Move SES to the sandbox',
      'Amazon SES is ready in this region',
      'passed',
      /is in the sandbox.*Ask AWS for production access/s,
    ],
    ['Move SES to the sandbox', 'The test mail', 'failed', /not verified.*request production access/s],
    [
      'Use up the quota',
      'Amazon SES is ready in this region',
      'passed',
      /the quota is used up.*ask AWS for a higher quota/s,
    ],
    ['Use up the quota', 'The test mail', 'queued', /It waits: the 24-hour quota.*goes out by itself/s],
    ['Un-verify the identity', 'The test mail', 'failed', /not verified.*Verify the named identities/s],
  ])('%s: “%s” %s, on your side, with its remedy', async (action, title, outcome, words) => {
    await visitor.press(action);
    const told = finding(title);
    await told.getByText(outcome, { exact: true }).waitFor({ timeout: 20_000 });
    await told.getByText('on your side').waitFor();
    expect(await told.textContent()).toMatch(words);
    expect(await told.textContent()).toContain('Remedy:');
    expect(await step(action).getAttribute('aria-current')).toBe('step');
    await step(action).getByText('What to look at:').waitFor();
    await untilAnswered();
    expect(await visitor.accessibilityProblems()).toEqual([]);
    // docs/pictures/break-it.png
    if (action === 'Drop the external ID') {
      await visitor.page.mouse.move(0, 0);
      await visitor.picture('break-it', panel());
    }
  });

  test('Mend everything: eight checks pass, and a mail goes out', async () => {
    await visitor.press('Mend everything');
    await visitor.sees('All eight checks pass: the connection is active.');
    await finding('The test mail').getByText('sent', { exact: true }).waitFor();
    await visitor.page.getByRole('heading', { name: 'Checks' }).waitFor();
    expect(await visitor.page.getByText('failed', { exact: true }).count()).toBe(0);
    expect((await customer.connection(path.split('/').at(-1) ?? '')).status).toBe('active');
  });

  test('in both themes and on a phone', async () => {
    const { page } = visitor;
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await visitor.accessibilityProblems()).toEqual([]);
    await visitor.picture('break-it-dark', panel());
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 375, height: 750 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await visitor.picture('break-it-phone');
    await page.setViewportSize({ width: 1200, height: 850 });
  });

  test('by keyboard alone, without losing the place', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'Delete the role' }).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Drop the external ID');
    await page.keyboard.press('Enter');
    await finding('The role stays shut without one').getByText('failed', { exact: true }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Drop the external ID');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Show what to paste');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('check-refuse_without_external_id');
  });

  test('what was tried and that the tour was hidden is remembered', async () => {
    const { page } = visitor;
    await page.reload();
    await finding('The role stays shut without one').waitFor();
    await step('Pause sending').getByText('Tried.').waitFor();
    await visitor.press('Hide the tour');
    await steps().waitFor({ state: 'detached' });
    await page.reload();
    await visitor.heading('Try to break it');
    expect(await steps().count()).toBe(0);
    await visitor.press('Show the tour');
    await visitor.press('Mend everything');
    await visitor.sees('All eight checks pass: the connection is active.');
    expect(visitor.complaints).toEqual([]);
  });
});
