import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser, Visitor } from '../support/visitor.js';
import { call, customerAccount, region } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';

describeInBrowser('the first mail', () => {
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const admin = (method: string, path: string, body?: unknown) =>
    call(`${stack.sandbox.url}/_sandbox`, undefined, method, path, body);

  /** What the customer does in the AWS console: a role from the two policies that the page shows. */
  async function makeRole(visitor: Visitor): Promise<string> {
    await visitor.page.getByRole('tab', { name: 'Policies' }).click();
    const shown = async (name: string) =>
      JSON.parse(
        (await visitor.page.getByRole('region', { name, exact: true }).textContent()) ?? '',
      ) as object;
    const role = await admin('PUT', `/accounts/${customerAccount}/roles/Mail`, {
      trust_policy: await shown('trust policy'),
      policies: { mail: await shown('permissions policy') },
    });
    return String(role.body['arn']);
  }

  test('from an empty browser to a delivered test mail in under two minutes and ten clicks', async () => {
    await admin('PATCH', `/accounts/${customerAccount}/regions/${region}/ses`, {
      production_access: true,
      max_send_rate: 14,
      max_24_hour_send: 50_000,
    });
    await admin('PUT', `/accounts/${customerAccount}/regions/${region}/identities/example.com`, {
      verified: true,
    });

    const visitor = await Visitor.open(browser, stack.api);
    const startedAt = performance.now();
    await visitor.go('/sign-up');
    await visitor.fill('Your name', 'Ada');
    await visitor.fill('E-mail', 'ada@example.com');
    await visitor.fill('Password', 'open-sesame-2026');
    await visitor.press('Create the account');

    await visitor.heading('Projects');
    await visitor.fill('Name', 'Shop');
    await visitor.press('Create project');

    await visitor.heading('Connections');
    await visitor.press('Connect');

    await visitor.sees('External ID');
    await visitor.page.getByLabel('What the role shall allow').selectOption('all');
    // A choice from a list is a click in a person's hand.
    visitor.clicks++;
    const arn = await makeRole(visitor);
    await visitor.fill('Role ARN', arn.replace(':role/', ':user/'));
    await visitor.sees('This names a user, not a role.');
    await visitor.fill('Role ARN', arn);
    await visitor.press('Prove and connect');

    await visitor.heading('Feedback');
    await visitor.press('Set up feedback');
    await visitor.sees('A test event came the whole way');
    await visitor.page
      .getByRole('listitem')
      .filter({ hasText: 'A test event came the whole way' })
      .getByText('passed')
      .waitFor();
    await visitor.fill('From', 'hello@example.com');
    await visitor.press('Send test mail');
    await visitor.page.getByRole('list', { name: 'What happened' }).getByText('Delivered').waitFor();

    const seconds = (performance.now() - startedAt) / 1_000;
    process.stdout.write(
      `an empty browser to a delivered test mail: ${seconds.toFixed(1)} s, ${visitor.clicks} clicks\n`,
    );
    await visitor.picture('first-mail');
    expect(visitor.clicks).toBeGreaterThan(3);
    expect(visitor.clicks).toBeLessThan(10);
    expect(seconds).toBeLessThan(120);
    expect(visitor.complaints).toEqual([]);

    await visitor.press('Sign out');
    await visitor.heading('Sign in');
    await visitor.page.goBack();
    await visitor.heading('Sign in');
  }, 180_000);
});
