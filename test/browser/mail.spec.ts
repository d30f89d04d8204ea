import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Customer } from '../support/customer.js';
import { signedIn } from '../support/signed-in.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';
import { describeInBrowser, launchBrowser, type Visitor } from '../support/visitor.js';

jest.setTimeout(60_000);

describeInBrowser('mail in the dashboard', () => {
  let stack: Stack;
  let browser: Browser;
  let visitor: Visitor;
  let customer: Customer;
  let connectionId: string;
  let order: string;
  const file = { filename: 'note.txt', content: Buffer.from('a note of ours').toString('base64') };

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
    ({ visitor, customer } = await signedIn(browser, stack));
    connectionId = (await customer.connect()).id;
    order = await customer.send({
      subject: 'Order 1024',
      to: ['success@simulator.amazonses.com', 'bounce@simulator.amazonses.com'],
      tags: [{ name: 'kind', value: 'order' }],
      headers: { 'X-Order': '1024' },
      attachments: [file],
    });
    await customer.untilEmail(order, 'sent');
    const refused = await customer.send({ from: 'hello@unverified.example', subject: 'Refused' });
    await customer.untilEmail(refused, 'failed');
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const inProject = (path: string) => `/projects/${customer.projectId}${path}`;
  const cell = (name: string) => visitor.page.getByRole('link', { name, exact: true });

  async function bothThemes(picture: string): Promise<void> {
    const { page } = visitor;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await visitor.accessibilityProblems()).toEqual([]);
      await visitor.picture(`${picture}-${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 375, height: 750 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await page.setViewportSize({ width: 1200, height: 850 });
  }

  test('an email is found, and the search is an address to share', async () => {
    await visitor.go(inProject('/emails'));
    await cell('Refused').waitFor();
    await visitor.fill('Subject', 'order');
    await visitor.fill('Tag', 'kind');
    await visitor.press('Search');
    await cell('Refused').waitFor({ state: 'detached' });
    await cell('Order 1024').waitFor();
    expect(visitor.page.url()).toContain('subject=order');
    await visitor.page.reload();
    await cell('Order 1024').waitFor();
    expect(await visitor.page.getByLabel('Subject', { exact: true }).inputValue()).toBe('order');
    await visitor.go(inProject(`/emails?subject=1024&connection_id=${connectionId}`));
    await cell('Order 1024').waitFor();
    await bothThemes('emails-search');
    await visitor.fill('Recipient', 'nobody@nowhere.example');
    await visitor.press('Search');
    await visitor.sees('No email matches');
    await visitor.press('Clear');
    await cell('Refused').waitFor();
    await visitor.page.goBack();
    await visitor.sees('No email matches');
    expect(visitor.complaints).toEqual([]);
  });

  test('an email shows what happened to each recipient, its headers and what SES was asked', async () => {
    const { page } = visitor;
    await visitor.go(inProject(`/emails/${order}`));
    await page
      .getByRole('list', { name: 'Timeline of bounce@simulator.amazonses.com' })
      .getByText('Sent', { exact: true })
      .waitFor();
    await page.getByRole('tab', { name: 'Headers' }).click();
    await page.getByRole('cell', { name: 'X-Order' }).waitFor();
    await page.getByRole('tab', { name: 'Raw' }).click();
    const request = page.getByRole('region', { name: 'SendEmail request' });
    expect(await request.textContent()).toContain('"FromEmailAddress"');
    await page.getByRole('button', { name: 'Copy SendEmail request' }).waitFor();
    await page.getByRole('cell', { name: 'note.txt' }).waitFor();
    expect(await page.getByRole('main').textContent()).not.toContain(file.content);
    await bothThemes('email-raw');
    expect(visitor.complaints).toEqual([]);
  });

  test('requests are listed, narrowed and shown', async () => {
    const { page } = visitor;
    await customer.api('POST', '/emails', { to: 'a@example.net' });
    const isLogged = async () =>
      (await customer.api<{ data: object[] }>('GET', '/logs?status=422')).body.data.length > 0;
    await until('the refusal is logged', isLogged);
    await visitor.go(inProject('/logs'));
    await visitor.heading('Logs');
    await page.getByLabel('Method').selectOption('POST');
    await visitor.fill('Status', '4xx');
    await visitor.press('Search');
    await page.getByText('422', { exact: true }).first().waitFor();
    expect(page.url()).toContain('status=4xx');
    await bothThemes('logs');
    await cell('POST /emails').first().click();
    const body = page.getByRole('region', { name: 'request body' });
    await body.waitFor();
    expect(await body.textContent()).toContain('a@example.net');
    await bothThemes('log');
    expect(visitor.complaints).toEqual([]);
  });

  test('what happens is shown as it happens, also where nothing polls', async () => {
    const page = await visitor.context.newPage();
    // What is asked again and again is asked once an hour: only the stream is left to tell.
    await page.addInitScript({
      content:
        'const every = window.setInterval; window.setInterval = (act, ms) => every(act, ms >= 1000 ? 3600000 : ms)',
    });
    const opened = page.waitForResponse((response) => response.url().endsWith('/live'));
    await page.goto(`/app${inProject('/emails')}`);
    await page.getByRole('link', { name: 'Refused', exact: true }).waitFor();
    expect((await opened).status()).toBe(200);
    let seconds = 0;
    // The first may still come by the reading with which a stream begins.
    for (const subject of ['Live at first', 'Live again']) {
      const startedAt = performance.now();
      await customer.send({ subject });
      const row = page.getByRole('row').filter({ hasText: subject });
      await row.getByText('sent', { exact: true }).waitFor({ timeout: 20_000 });
      seconds = (performance.now() - startedAt) / 1_000;
    }
    process.stdout.write(`a mail shows as sent ${seconds.toFixed(1)} s after it was given\n`);
    await page.close();
  });

  test('the queue says what waits and why; a dead letter is sent again', async () => {
    const { page } = visitor;
    await visitor.go(inProject('/queue'));
    await visitor.heading('Queue');
    await page.getByRole('button', { name: 'Send again: Refused' }).waitFor();
    await bothThemes('queue');
    await customer.api('PATCH', `/v1/connections/${connectionId}`, { paused: true });
    await customer.send({ subject: 'Patience' });
    await visitor.sees('Nothing is sent: the connection is paused.');
    await bothThemes('queue-paused');
    await page.getByRole('button', { name: 'Send again: Refused' }).click();
    await visitor.sees('No email is failed');
    await page.getByLabel('Only connections for which something waits').check();
    await visitor.sees('Nothing is sent: the connection is paused.');
    expect(visitor.complaints).toEqual([]);
  });
});
