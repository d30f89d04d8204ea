import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How somebody comes to a page. Slow 4G and the slower processor are those of Lighthouse's phone. */
export const visits = {
  desktop: { width: 1280, height: 850, slowerCpu: 1, network: undefined },
  phone: {
    width: 390,
    height: 844,
    slowerCpu: 4,
    network: { latency: 150, downloadThroughput: 1_638_400 / 8, uploadThroughput: 750_000 / 8 },
  },
} as const;
export type Visit = keyof typeof visits;

export interface PageFigures {
  /** Compressed, as they came over the wire, with headers. */
  htmlKb: number;
  jsKb: number;
  cssKb: number;
  /** Milliseconds from the start of the navigation. */
  firstPaint: number;
  largestPaint: number;
  interactive: number;
  /** Milliseconds of long tasks beyond 50 each, until it is interactive. */
  blocking: number;
  layoutShift: number;
}

export function launchChromium(): Promise<Browser> {
  const path =
    process.env['CHROMIUM'] ??
    ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((one) => existsSync(one));
  if (path === undefined) throw new Error('There is no Chromium: install one, or name it in CHROMIUM.');
  const quiet = ['quic', 'gpu', 'background-networking', 'component-update', 'sync'];
  return chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--no-first-run', ...quiet.map((name) => `--disable-${name}`)],
  });
}

/** What the page notes of itself from its first moment on. `ready`: its heading is there and nothing is loading. */
const observe = `
  const seen = (window.benchSeen = { paint: 0, largest: 0, shift: 0, tasks: [], ready: 0 });
  const on = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  on('paint', (entry) => { if (entry.name === 'first-contentful-paint') seen.paint = entry.startTime; });
  on('largest-contentful-paint', (entry) => { seen.largest = entry.startTime; });
  on('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
  on('longtask', (entry) => seen.tasks.push([entry.startTime, entry.duration]));
  const look = () => {
    // By the text that is there, not by what it looks like: a layout for every frame would be a load of its own.
    const isLoading = [...document.querySelectorAll('[role=status]')].some((one) => one.textContent.startsWith('Loading'));
    const isReady = document.querySelector('h1') !== null && !isLoading;
    if (!isReady) seen.ready = 0;
    else if (seen.ready === 0) seen.ready = performance.now();
    requestAnimationFrame(look);
  };
  addEventListener('DOMContentLoaded', look);
`;

interface Seen {
  paint: number;
  largest: number;
  shift: number;
  tasks: [start: number, duration: number][];
  ready: number;
}

/** Milliseconds without a long task and without loading that end a visit. */
const QUIET_MS = 2_000;

/**
 * Comes to a page with an empty cache.
 *
 * Interactive is the later of: the page with its data is there, the last long task is over. Long tasks are waited for
 * until there was none for two seconds; then the keyboard must reach a control of the page.
 */
export async function visitPage(
  browser: Browser,
  url: string,
  cookies: Parameters<ReturnType<Browser['contexts']>[number]['addCookies']>[0],
  visit: Visit,
): Promise<PageFigures> {
  const { width, height, slowerCpu, network } = visits[visit];
  const context = await browser.newContext({ viewport: { width, height } });
  try {
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.addInitScript({ content: observe });
    const devtools = await context.newCDPSession(page);
    const kilobytes = await countBytes(devtools);
    if (slowerCpu > 1) await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowerCpu });
    if (network !== undefined)
      await devtools.send('Network.emulateNetworkConditions', { offline: false, ...network });
    await page.goto(url);
    const seen = await untilQuiet(page);
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement === document.body')) === true)
      throw new Error(`${url} does not answer the keyboard`);
    const lastTask = Math.max(0, ...seen.tasks.map(([start, duration]) => start + duration));
    const interactive = Math.max(seen.paint, seen.ready, lastTask);
    const blocking = seen.tasks
      .filter(([start]) => start >= seen.paint && start < interactive)
      .reduce((sum, [, duration]) => sum + duration - 50, 0);
    return {
      htmlKb: kilobytes('Document'),
      jsKb: kilobytes('Script'),
      cssKb: kilobytes('Stylesheet'),
      firstPaint: seen.paint,
      largestPaint: seen.largest,
      interactive,
      blocking,
      layoutShift: seen.shift,
    };
  } finally {
    await context.close();
  }
}

async function untilQuiet(page: Page): Promise<Seen> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const [seen, now] = await page.evaluate<[Seen, number]>('[window.benchSeen, performance.now()]');
    const last = Math.max(seen.ready, ...seen.tasks.map(([start, duration]) => start + duration));
    if (seen.ready > 0 && seen.paint > 0 && now - last > QUIET_MS) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${page.url()} does not come to rest`);
}

/** @returns what has come over the wire until it is asked, by the kind of thing */
async function countBytes(devtools: CDPSession): Promise<(type: string) => number> {
  const types = new Map<string, string>();
  const bytes = new Map<string, number>();
  devtools.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId) ?? 'Other';
    bytes.set(type, (bytes.get(type) ?? 0) + encodedDataLength);
  });
  await devtools.send('Network.enable');
  return (type) => (bytes.get(type) ?? 0) / 1_000;
}

/** What axe finds on a page, by theme and width, as `light 1280: color-contrast`. Empty when nothing. */
export async function axeFindings(
  browser: Browser,
  url: string,
  cookies: Parameters<typeof visitPage>[2],
): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const { width, height } of Object.values(visits)) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      await context.addCookies(cookies);
      const page = await context.newPage();
      await page.addInitScript({ content: observe });
      await page.goto(url);
      await untilQuiet(page);
      await page.evaluate(axe);
      const { violations } = await page.evaluate<{ violations: { id: string }[] }>(
        'axe.run(document, { iframes: false })',
      );
      const isTooWide = await page.evaluate(`document.documentElement.scrollWidth > ${width}`);
      found.push(
        ...violations.map(({ id }) => `${colorScheme} ${width}: ${id}`),
        ...(isTooWide === true ? [`${colorScheme} ${width}: wider than the window`] : []),
      );
      await context.close();
    }
  }
  return found;
}
