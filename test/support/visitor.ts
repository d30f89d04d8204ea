import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';

const root = join(import.meta.dirname, '..', '..');
/** Where pictures of the pages go; not under version control. */
const output = join(root, 'test', 'browser', 'output');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Programs of the page are texts: in this one there is no document.
// A press of Enter in a form arrives as a click without a place (detail 0).
const countClicks =
  "document.addEventListener('click', (event) => event.isTrusted && event.detail > 0 && countClick(), true)";

interface Violation {
  id: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

const executablePath =
  process.env['CHROMIUM'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

/** `describe`, or `describe.skip` where there is no browser; never in CI, where that would be a green lie. */
export const describeInBrowser = executablePath === undefined ? describe.skip : describe;
if (executablePath === undefined) {
  if (process.env['CI'] !== undefined) throw new Error('CI must test the dashboard: there is no Chromium');
  process.stderr.write(
    'NOT TESTED IN A BROWSER: there is no Chromium (npm test installs one where it may).\n',
  );
}

/** A Chromium of the machine's own; it asks nobody for updates or experiments. */
export function launchBrowser(): Promise<Browser> {
  mkdirSync(output, { recursive: true });
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** One person at a real browser: counts the clicks, keeps what the pages complained about. */
export class Visitor {
  clicks = 0;
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: origin,
      viewport: { width: 1200, height: 850 },
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const visitor = new Visitor(context, page);
    await page.exposeFunction('countClick', () => visitor.clicks++);
    await page.addInitScript({ content: countClicks });
    page.on('pageerror', (error) => visitor.complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // Refusals of the API are the page's to show; the browser mentions each as well.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        visitor.complaints.push(`console: ${message.text()}`);
    });
    return visitor;
  }

  /** @param path below /app */
  async go(path: string): Promise<void> {
    await this.page.goto(`/app${path}`);
  }

  fill(label: string, value: string): Promise<void> {
    return this.page.getByLabel(label, { exact: true }).fill(value);
  }

  press(name: string): Promise<void> {
    return this.page.getByRole('button', { name, exact: true }).click();
  }

  /** Waits until the page has this heading and nothing on it is still loading. */
  async heading(name: string): Promise<void> {
    await this.page.getByRole('heading', { name, exact: true }).first().waitFor();
    await this.page
      .getByText(/^Loading .*…$/)
      .first()
      .waitFor({ state: 'hidden' });
  }

  /** Waits for a text anywhere on the page. */
  sees(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).first().waitFor();
  }

  /** @param part of the page; without it all of it, however long */
  async picture(name: string, part?: Locator): Promise<void> {
    const path = join(output, `${name}.png`);
    await (part === undefined ? this.page.screenshot({ path, fullPage: true }) : part.screenshot({ path }));
  }

  /** @returns what axe finds wrong with the page as it is, empty when nothing */
  async accessibilityProblems(): Promise<string[]> {
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate<{ violations: Violation[] }>(
      'axe.run(document, { iframes: false })',
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)}: ${failureSummary ?? ''}`),
    );
  }
}

/** Of everybody who signs up here. */
export const password = 'open-sesame-2026';

/** Somebody who makes an account, at the page for that or on the way from another one. */
export async function signUpAs(
  browser: Browser,
  api: string,
  name: string,
  path = '/sign-up',
): Promise<Visitor> {
  const visitor = await Visitor.open(browser, api);
  await visitor.go(path);
  if (path !== '/sign-up') await visitor.page.getByRole('link', { name: 'Create an account' }).click();
  await visitor.fill('Your name', name);
  await visitor.fill('E-mail', `${name.toLowerCase()}@example.com`);
  await visitor.fill('Password', password);
  await visitor.press('Create the account');
  await visitor.heading('Projects');
  return visitor;
}
