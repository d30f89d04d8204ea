import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { until } from '../support/until.js';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser, type Visitor } from '../support/visitor.js';
import type { Customer } from '../support/customer.js';
import { furnish, furnishedMail, type Furniture } from '../support/furnish.js';
import { signedIn } from '../support/signed-in.js';
import { startStack, type Stack } from '../support/stack.js';

jest.setTimeout(60_000);

describeInBrowser('the dashboard', () => {
  let stack: Stack;
  let browser: Browser;
  let visitor: Visitor;
  let customer: Customer;
  let made: Furniture;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
    ({ visitor, customer } = await signedIn(browser, stack));
    made = await furnish(customer);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const inProject = (path: string) => `/projects/${customer.projectId}${path}`;

  describe('every page', () => {
    test.each([
      ['projects', () => '/projects', 'Projects'],
      ['members', () => '/members', 'Members'],
      ['audit log', () => '/audit', 'Audit log'],
      ['organization', () => '/organization', 'Organization keys'],
      ['account', () => '/account', 'Sessions'],
      ['connections', () => inProject('/connections'), 'Connections'],
      ['connection', () => inProject(made['connection']), 'Send a test mail'],
      ['rejected connection', () => inProject(made['rejected connection']), 'Checks'],
      ['emails', () => inProject('/emails'), 'Emails'],
      ['email', () => inProject(made['email']), furnishedMail.subject],
      ['scheduled email', () => inProject(made['scheduled email']), 'What happened'],
      ['queue', () => inProject('/queue'), 'Queue'],
      ['logs', () => inProject('/logs'), 'Logs'],
      ['metrics', () => inProject('/metrics'), 'Metrics'],
      ['domains', () => inProject('/domains'), 'Domains'],
      ['domain', () => inProject(made['domain']), 'shop.example.org'],
      ['templates', () => inProject('/templates'), 'Templates'],
      ['template', () => inProject(made['template']), 'Order'],
      ['webhooks', () => inProject('/webhooks'), 'Webhooks'],
      ['webhook', () => inProject(made['webhook']), 'Signing secret'],
      ['suppressions', () => inProject('/suppressions'), 'Suppressions'],
      ['API keys', () => inProject('/api-keys'), 'API keys'],
      ['settings', () => inProject('/settings'), 'Settings'],
    ])('%s: by its address, light, dark and on a phone', async (name, path, heading) => {
      const { page } = visitor;
      await visitor.go(path());
      await visitor.heading(heading);
      expect(await visitor.accessibilityProblems()).toEqual([]);
      await visitor.picture(name.replaceAll(' ', '-'));
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await visitor.accessibilityProblems()).toEqual([]);
      await visitor.picture(`${name.replaceAll(' ', '-')}-dark`);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 375, height: 750 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
      await visitor.picture(`${name.replaceAll(' ', '-')}-phone`);
      await page.setViewportSize({ width: 1200, height: 850 });
      expect(visitor.complaints).toEqual([]);
    });
  });

  test('a role that opens for everybody is diagnosed with the policy to paste', async () => {
    await visitor.go(inProject(made['rejected connection']));
    await visitor.sees('The role stays shut without one');
    await visitor.sees('on your side');
    const policy = visitor.page.getByRole('region', { name: 'trust policy', exact: true }).last();
    expect(await policy.textContent()).toContain('sts:ExternalId');
  });

  test('a mail is shown without running or fetching what is in it', async () => {
    let hits = 0;
    const tracker = createServer((_, response) => {
      hits += 1;
      response.end();
    });
    await new Promise<void>((resolve) => tracker.listen(0, '127.0.0.1', resolve));
    const { port } = tracker.address() as AddressInfo;
    const id = await customer.send({
      html: `<h1>Hello</h1><img alt="spy" src="http://127.0.0.1:${port}/x.png"><script>parent.hacked = true</script>`,
    });
    await visitor.go(inProject(`/emails/${id}`));
    const mail = visitor.page.frameLocator('iframe[title="The message, rendered"]');
    await mail.getByRole('heading', { name: 'Hello' }).waitFor();
    // Complete without a size: refused by the page's policy, not merely late.
    await until('the image is refused', () =>
      mail.getByAltText('spy').evaluate((element) => {
        const image = element as unknown as { complete: boolean; naturalWidth: number };
        return image.complete && image.naturalWidth === 0;
      }),
    );
    expect(hits).toBe(0);
    expect(await visitor.page.evaluate("'hacked' in window")).toBe(false);
    await new Promise((resolve) => tracker.close(resolve));
  });

  test('a scheduled mail is canceled', async () => {
    await visitor.go(inProject(made['scheduled email']));
    await visitor.press('Cancel');
    await visitor.page.getByText('canceled', { exact: true }).first().waitFor();
  });

  test('a key is shown once, works, and is refused after it was revoked', async () => {
    await visitor.go(inProject('/api-keys'));
    await visitor.fill('Name', 'from the browser');
    await visitor.press('Make key');
    await visitor.sees('Copy it now');
    const token = await visitor.page.locator('code').first().textContent();
    const status = async () =>
      (
        await fetch(`${stack.api}/emails`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: '{}',
        })
      ).status;
    expect(await status()).toBe(422);
    await visitor.press('Revoke from the browser');
    await visitor.press('Revoke');
    await visitor.page.getByRole('dialog').waitFor({ state: 'detached' });
    await visitor.page
      .getByRole('cell', { name: 'from the browser', exact: true })
      .waitFor({ state: 'detached' });
  });

  test('what the API refuses is shown with its reason', async () => {
    await visitor.go(inProject('/webhooks'));
    await visitor.heading('Webhooks');
    await visitor.fill('Address', 'https://10.0.0.1/hook');
    await visitor.press('Add webhook');
    await visitor.page.getByRole('alert').waitFor();
  });

  test('the keyboard alone gets to the content and through the tabs', async () => {
    await visitor.go(inProject(made['rejected connection']));
    await visitor.heading('Checks');
    await visitor.page.keyboard.press('Tab');
    expect(await visitor.page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await visitor.page.getByText('Role, policies and scripts').press('Enter');
    await visitor.page.getByRole('tab', { name: 'CloudFormation' }).focus();
    await visitor.page.keyboard.press('ArrowRight');
    expect(await visitor.page.getByRole('tab', { name: 'AWS CLI' }).getAttribute('aria-selected')).toBe(
      'true',
    );
  });

  describe('how it is served', () => {
    test('no script but its own, and nobody may frame it', async () => {
      const answer = await visitor.page.request.get('/app/projects/anything');
      expect(answer.status()).toBe(200);
      const policy = answer.headers()['content-security-policy'] ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(await answer.text()).not.toMatch(/<script(?![^>]*\bsrc=)/);
    });

    test('its files are compressed, kept for ever, and 404 when they are not there', async () => {
      const { request } = visitor.page;
      const page = await (await request.get('/app')).text();
      const script = /src="(\/app\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
      const answer = await request.get(script, { headers: { 'accept-encoding': 'gzip' } });
      expect(answer.headers()['content-encoding']).toBe('gzip');
      expect(answer.headers()['cache-control']).toContain('immutable');
      expect((await request.get('/app/assets/nothing.js')).status()).toBe(404);
    });

    test('the first page needs less than 200 kB of compressed scripts', async () => {
      const { page } = visitor;
      let bytes = 0;
      page.on('response', (response) => {
        if (response.url().endsWith('.js')) bytes += Number(response.headers()['content-length'] ?? 0);
      });
      await visitor.go(inProject('/connections'));
      await visitor.heading('Connections');
      process.stdout.write(`scripts of the first page: ${(bytes / 1_000).toFixed(1)} kB compressed\n`);
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThan(200_000);
    });
  });
});
