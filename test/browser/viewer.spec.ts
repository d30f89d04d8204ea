import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { call, Customer } from '../support/customer.js';
import { furnish, furnishedMail, type Furniture } from '../support/furnish.js';
import { signedIn } from '../support/signed-in.js';
import { startStack, type Stack } from '../support/stack.js';
import { describeInBrowser, launchBrowser, Visitor } from '../support/visitor.js';

jest.setTimeout(60_000);

/** Buttons that only show something; whatever else a viewer can press must not be there. */
const onlyShow =
  /^(Menu|Copy .*|Details.*|Attempts.*|Verify the chain|Newer|Older|Filter.*|Show .*|Clear.*|Search|Refresh|Dismiss.*|Hide.*)$/;

/** Choices of what is shown. */
const onlyFilter =
  /^(Time|By|Domain of From|Value of .*|Status|Connection|Method|API key|Key|What the role shall allow|Only .*)$/;

describeInBrowser('a viewer at the dashboard', () => {
  let stack: Stack;
  let browser: Browser;
  let viewer: Visitor;
  let customer: Customer;
  let made: Furniture;
  /** What the pages asked of the API that was no question. */
  const changes: string[] = [];

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
    let owner: Visitor;
    ({ visitor: owner, customer } = await signedIn(browser, stack));
    made = await furnish(customer);
    viewer = await invited(owner);
    viewer.page.on('request', (request) => {
      if (request.method() !== 'GET') changes.push(`${request.method()} ${request.url()}`);
    });
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  async function invited(owner: Visitor): Promise<Visitor> {
    const headers = { origin: stack.api };
    const me = (await (await owner.context.request.get('/v1/me')).json()) as { organization_id: string };
    const invitation = await owner.context.request.post(
      `/v1/organizations/${me.organization_id}/invitations`,
      { headers, data: { email: 'edsger@example.com', role: 'viewer' } },
    );
    const { url } = (await invitation.json()) as { url: string };
    const guest = await Visitor.open(browser, stack.api);
    await guest.go(new URL(url).pathname.replace(/^\/app/, ''));
    await guest.page.getByRole('link', { name: 'Create an account' }).click();
    await guest.fill('Your name', 'Edsger');
    await guest.fill('E-mail', 'edsger@example.com');
    await guest.fill('Password', 'open-sesame-2026');
    await guest.press('Create the account');
    await guest.heading('Projects');
    return guest;
  }

  const inProject = (path: string) => `/projects/${customer.projectId}${path}`;

  test.each([
    ['projects', () => '/projects', 'Projects'],
    ['members', () => '/members', 'Members'],
    ['audit log', () => '/audit', 'Audit log'],
    ['connections', () => inProject('/connections'), 'Connections'],
    ['connection', () => inProject(made.connection), 'Send a test mail'],
    ['rejected connection', () => inProject(made['rejected connection']), 'Checks'],
    ['emails', () => inProject('/emails'), 'Emails'],
    ['email', () => inProject(made.email), furnishedMail.subject],
    ['scheduled email', () => inProject(made['scheduled email']), 'What happened'],
    ['queue', () => inProject('/queue'), 'Queue'],
    ['logs', () => inProject('/logs'), 'Logs'],
    ['metrics', () => inProject('/metrics'), 'Metrics'],
    ['domains', () => inProject('/domains'), 'Domains'],
    ['domain', () => inProject(made.domain), 'shop.example.org'],
    ['templates', () => inProject('/templates'), 'Templates'],
    ['template', () => inProject(made.template), 'Order'],
    ['webhooks', () => inProject('/webhooks'), 'Webhooks'],
    ['webhook', () => inProject(made.webhook), 'Signing secret'],
    ['suppressions', () => inProject('/suppressions'), 'Suppressions'],
    ['API keys', () => inProject('/api-keys'), 'API keys'],
    ['settings', () => inProject('/settings'), 'Settings'],
  ])('%s: nothing to press that changes something', async (_, path, heading) => {
    const { page } = viewer;
    await viewer.go(path());
    await viewer.heading(heading);
    await page.waitForLoadState('networkidle');
    const buttons = page.locator('main button:enabled:not([role=tab])');
    const names: string[] = [];
    for (const button of await buttons.all()) {
      const name = (await button.getAttribute('aria-label')) ?? (await button.textContent()) ?? '';
      names.push(name);
      // What shows something is pressed as well: it must ask, and not change.
      if (onlyShow.test(name) && !name.startsWith('Copy') && (await button.isVisible())) await button.click();
    }
    expect(names.filter((name) => !onlyShow.test(name))).toEqual([]);
    // Fields of a form whose button is not there would be a promise. (The tag's filter waits for a tag.)
    const fields = page
      .locator('main form:not(:has(button:enabled))')
      .locator('input:enabled:not([readonly]), textarea:enabled, select:enabled');
    const labels = await fields.evaluateAll((all) =>
      all.map((field) => (field as unknown as { labels: { textContent: string }[] }).labels[0]?.textContent),
    );
    expect(labels.filter((label) => label !== 'Tag')).toEqual([]);
    // Outside of forms: what a choice changes at once.
    const choices = page.locator('main').locator('select:enabled, input[type=checkbox]:enabled');
    const choiceLabels = await choices.evaluateAll((all) =>
      all
        .filter((one) => (one as unknown as { form: unknown }).form === null)
        .map((one) => (one as unknown as { labels: { textContent: string }[] }).labels[0]?.textContent ?? ''),
    );
    expect(choiceLabels.filter((label) => !onlyFilter.test(label))).toEqual([]);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(changes).toEqual([]);
    expect(viewer.complaints).toEqual([]);
    expect(await viewer.accessibilityProblems()).toEqual([]);
  });

  test('says why, and the API says the same', async () => {
    await viewer.go(inProject('/settings'));
    await viewer.sees('Your role (viewer) does not allow you to change the settings.');
    const refused = await viewer.context.request.patch(`/v1/projects/${customer.projectId}`, {
      headers: { origin: stack.api },
      data: { name: 'Mine' },
    });
    expect(refused.status()).toBe(403);
    expect(
      (await call<{ name: string }>(stack.api, customer.key, 'GET', `/v1/projects/${customer.projectId}`))
        .body.name,
    ).not.toBe('Mine');
  });
});
