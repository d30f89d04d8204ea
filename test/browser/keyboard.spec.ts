import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Customer } from '../support/customer.js';
import { signedIn } from '../support/signed-in.js';
import { startStack, type Stack } from '../support/stack.js';
import { describeInBrowser, launchBrowser, type Visitor } from '../support/visitor.js';

/** More than any page has controls. */
const MOST_TABS = 120;

/** What has the focus: its name, and whether one can see that it has it. */
const focused = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    name: element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent,
    // Between the last control and the first one it is nowhere.
    hasRing: element === document.body || (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1),
  };
})()`;

describeInBrowser('somebody without a mouse', () => {
  let stack: Stack;
  let browser: Browser;
  let visitor: Visitor;
  let customer: Customer;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
    ({ visitor, customer } = await signedIn(browser, stack));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  /** Presses Tab until the focus is on the control with this name; every stop on the way shows that it has the focus. */
  async function tabTo(name: string): Promise<void> {
    const passed: string[] = [];
    for (let pressed = 0; pressed < MOST_TABS; pressed++) {
      await visitor.page.keyboard.press('Tab');
      const at = await visitor.page.evaluate<{ name: string; hasRing: boolean }>(focused);
      if (!at.hasRing) throw new Error(`nothing shows that ${at.name.slice(0, 60)} has the focus`);
      if (at.name.trim() === name) return;
      passed.push(at.name.trim().slice(0, 30));
    }
    throw new Error(`no ${name} among ${passed.join(' | ')}`);
  }

  test('connects, pastes the role and sends a test mail', async () => {
    const { keyboard } = visitor.page;
    await visitor.go(`/projects/${customer.projectId}/connections`);
    await visitor.heading('Connections');
    await tabTo('Region');
    await tabTo('Connect');
    await keyboard.press('Enter');
    await visitor.sees('External ID');
    await visitor.page.waitForURL(/\/connections\/[0-9a-f-]{36}$/);
    const id = visitor.page.url().split('/').at(-1) ?? '';
    const arn = await customer.putRole('Keys', id);
    await tabTo('Role ARN');
    await keyboard.type(arn);
    await keyboard.press('Enter');
    await visitor.heading('Send a test mail');
    await tabTo('From');
    await keyboard.type(`hello@${customer.domain}`);
    await tabTo('Send test mail');
    await keyboard.press('Enter');
    await visitor.page.getByRole('list', { name: 'What happened' }).getByText('Sent').waitFor();
    expect(visitor.clicks).toBe(0);
    expect(visitor.complaints).toEqual([]);
  }, 120_000);

  test('changes a setting, and closes a question with Escape', async () => {
    const { page } = visitor;
    const { keyboard } = page;
    await visitor.go(`/projects/${customer.projectId}/settings`);
    await visitor.heading('Settings');
    await tabTo('Keep the content of mail, in days');
    await keyboard.type('30');
    await tabTo('Save');
    await keyboard.press('Enter');
    await visitor.sees('Saved.');
    const { body } = await customer.api('GET', `/v1/projects/${customer.projectId}`);
    expect(body['content_retention_days']).toBe(30);
    await tabTo('Delete project');
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await visitor.accessibilityProblems()).toEqual([]);
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await page.evaluate<{ name: string }>(focused)).name).toBe('Delete project');
  }, 60_000);
});
