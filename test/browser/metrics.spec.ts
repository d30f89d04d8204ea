import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Database } from '#libs/database';
import { region, type Customer } from '../support/customer.js';
import { FeedbackCustomer } from '../support/feedback-customer.js';
import { signedIn } from '../support/signed-in.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';
import { describeInBrowser, launchBrowser, type Visitor } from '../support/visitor.js';

jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;

describeInBrowser('the metrics of mail that was sent', () => {
  let stack: Stack;
  let browser: Browser;
  let visitor: Visitor;
  let customer: Customer;
  let database: Database;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
    const first = await signedIn(browser, stack);
    visitor = first.visitor;
    database = new Database(stack.databaseUrl, 2);
    const source = await FeedbackCustomer.connect(first.customer.stack, '555566667777');
    customer = source.customer;
    await customer.admin('PUT', `/accounts/${customer.account}/regions/${region}/identities/news.example`, {
      verified: true,
    });
    await source.setUp('pull');
    await until('feedback active', async () => (await source.read()).status === 'active', 60_000);
    await customer.api('PATCH', source.path, { opens: true, clicks: true });
    await until('tracking active', async () => (await source.read()).status === 'active', 60_000);
    await history(source.connectionId);
    await sendAndTell();
  }, 180_000);

  afterAll(async () => {
    await database?.close();
    await browser?.close();
    await stack?.close();
  });

  /** Twelve mails through SES; of them one bounces; two are opened and one clicked so soon that a machine must have done it. */
  async function sendAndTell(): Promise<void> {
    for (let index = 0; index < 12; index++)
      await customer.send({
        from: index < 8 ? `Shop <hello@${customer.domain}>` : 'News <hello@news.example>',
        to: `person${index}@example.net`,
        tags: [{ name: 'campaign', value: index % 3 === 0 ? 'welcome' : 'receipt' }],
      });
    const to = async (address: string) =>
      until(`mail to ${address}`, async () =>
        (await customer.messages()).find((message) => message.to.includes(address)),
      );
    const events = [
      ['person1@example.net', { type: 'BOUNCE', bounce_type: 'Permanent', bounce_sub_type: 'General' }],
      ['person2@example.net', { type: 'OPEN' }],
      ['person3@example.net', { type: 'OPEN' }],
      ['person3@example.net', { type: 'CLICK', link: 'https://example.net' }],
    ] as const;
    for (const [address, event] of events)
      await customer.admin('POST', `/messages/${(await to(address)).message_id}/events`, event);
    await until('all is counted', async () => {
      const { body } = await customer.api<{ totals: Record<string, number> }>(
        'GET',
        `/v1/projects/${customer.projectId}/metrics?domain=${customer.domain}&granularity=hour`,
      );
      const { delivered = 0, bounced, opened_by_machine: opened } = body.totals;
      if (delivered >= 8 && bounced === 1 && opened === 2) return true;
      throw new Error(JSON.stringify(body.totals));
    });
  }

  /** Mail of the last days, as it would have been counted. */
  async function history(connectionId: string): Promise<void> {
    const rows = Array.from({ length: 6 * 24 }, (_, hour) => {
      const sent = 40 + Math.round(30 * Math.sin(hour / 4)) + (hour % 7);
      const at = new Date(Math.floor(Date.now() / HOUR_MS - 26 - hour) * HOUR_MS).toISOString();
      return [
        ['sent', sent],
        ['recipients', sent],
        ['delivered', Math.round(sent * 0.97)],
        ['bounced_permanent', Math.round(sent * 0.03)],
      ].map(([metric, value]) => ({ at, metric, value }));
    }).flat();
    const columns = 'connection_id, domain, tag_value, metric, bucket';
    await database.query(
      `INSERT INTO metric_hours (project_id, tag_name, hour, connection_id, domain, tag_value, metric, bucket, value)
       SELECT $1, '', at, $2, 'old.example', '', metric, 0, value
       FROM jsonb_to_recordset($3::jsonb) AS row(at timestamptz, metric text, value bigint)`,
      [customer.projectId, connectionId, JSON.stringify(rows)],
    );
    await database.query(
      `INSERT INTO metric_days (project_id, tag_name, day, ${columns}, value)
       SELECT project_id, tag_name, date_trunc('day', hour, 'UTC'), ${columns}, sum(value) FROM metric_hours
       WHERE domain = 'old.example' GROUP BY project_id, tag_name, 3, ${columns}`,
    );
  }

  const open = async () => {
    await visitor.go(`/projects/${customer.projectId}/metrics`);
    await visitor.heading('Over time');
  };
  const rows = (table: string) =>
    visitor.page.getByRole('region', { name: table }).getByRole('row').allInnerTexts();

  test('a chart, the same in figures, by days and by hours', async () => {
    const { page } = visitor;
    await open();
    await page.getByRole('img', { name: /^Emails over time: Sent at most \d/ }).waitFor();
    const byDay = await rows('Emails over time, in figures');
    expect(byDay.length).toBeGreaterThan(6);
    expect(byDay.length).toBeLessThan(10);
    await page.getByLabel('By', { exact: true }).selectOption('hour');
    await until('hours', async () => (await rows('Emails over time, in figures')).length > 100);
    expect(await visitor.accessibilityProblems()).toEqual([]);
    for (const [width, scheme] of [
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 850 });
      await page.emulateMedia({ colorScheme: scheme });
      await open();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await visitor.accessibilityProblems()).toEqual([]);
      await visitor.picture(`metrics-data-${width}-${scheme}`);
    }
    await page.setViewportSize({ width: 1200, height: 850 });
    await page.emulateMedia({ colorScheme: 'light' });
    expect(visitor.complaints).toEqual([]);
  });

  test('only mail from one domain, only mail with a tag', async () => {
    const { page } = visitor;
    await open();
    expect((await rows('By domain')).slice(1).map((row) => row.split(/\s/)[0])).toEqual([
      'old.example',
      customer.domain,
      'news.example',
    ]);
    const sent = page.locator('dt', { hasText: /^Sent$/ }).locator('xpath=following-sibling::dd');
    await page.getByLabel('Domain of From').selectOption('news.example');
    await until('the domain', async () => (await sent.textContent()) === '4');
    await page.getByLabel('Domain of From').selectOption('');
    await visitor.fill('Tag', 'campaign');
    await visitor.press('Filter');
    await until('the tag', async () => (await sent.textContent()) === '12');
    await page.getByLabel('Value of campaign', { exact: true }).selectOption('welcome');
    await until('its value', async () => (await sent.textContent()) === '4');
    await visitor.picture('metrics-filtered');
    await visitor.fill('Tag', 'nothing');
    await visitor.press('Filter');
    await visitor.sees('No such mail was sent in this time');
    await visitor.press('Show all mail');
    await visitor.heading('Over time');
    expect(visitor.complaints).toEqual([]);
  });
});
