import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { axeFindings, launchChromium, visitPage, type PageFigures, type Visit } from './support/browser.js';
import { benchDatabase, fillLane, insertLane } from './support/database.js';
import { median, startScript, stop, waitForEvent } from './support/processes.js';

export interface PagesSettings {
  serverUrl: string;
  /** Visits of each page; the median counts. */
  rounds: number;
}

export interface PageReport {
  page: string;
  /** What axe found in light and dark, on a desk and on a phone, and pages that are wider than the window. */
  problems: string[];
  desktop: PageFigures;
  phone: PageFigures;
}

type Cookies = Parameters<typeof visitPage>[2];

/** The dashboard in Chromium, each page with an empty cache: one API, a project with 2 000 emails and a week of metrics. */
export async function benchPages({ serverUrl, rounds }: PagesSettings): Promise<PageReport[]> {
  const { database, url, drop } = await benchDatabase(serverUrl);
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const origin = `http://127.0.0.1:${port}`;
  const api = startScript('apps/api/src/main.js', [], {
    DATABASE_URL: url,
    QUEUE_PREFIX: `bench${randomBytes(4).toString('hex')}`,
    SESAME_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    API_PORT: String(port),
    LOG_LEVEL: 'warn',
  });
  let browser: Browser | undefined;
  try {
    await waitForEvent(api, 'api.ready');
    const { cookies, organizationId } = await signUp(origin);
    const lane = await insertLane(database, organizationId);
    // What a worker would have found out: the kit of a connection names it.
    await database.query(
      `INSERT INTO platform_principal (id, aws_account_id, arn, trusted_arn, checked_at)
       VALUES (1, '111122223333', 'arn:aws:iam::111122223333:user/sesame', 'arn:aws:iam::111122223333:user/sesame', now())
       ON CONFLICT (id) DO UPDATE SET (aws_account_id, arn, trusted_arn, checked_at)
         = (excluded.aws_account_id, excluded.arn, excluded.trusted_arn, excluded.checked_at)`,
    );
    await fillLane(database, lane, 2_000, 5_000);
    await database.query(`UPDATE emails SET status = 'delivered', sent_at = now()`);
    await database.query(
      `INSERT INTO metric_hours (project_id, tag_name, hour, connection_id, domain, tag_value, metric, bucket, value)
       SELECT $1, '', date_trunc('hour', now()) - make_interval(hours => n), $2, 'example.com', '', metric, 0, 100 + n
       FROM generate_series(1, 160) AS n, unnest(ARRAY['sent', 'recipients', 'delivered']) AS metric`,
      [lane.projectId, lane.connectionId],
    );
    await database.query(
      `INSERT INTO metric_days (project_id, tag_name, day, connection_id, domain, tag_value, metric, bucket, value)
       SELECT project_id, tag_name, date_trunc('day', hour, 'UTC'), connection_id, domain, tag_value, metric, bucket, sum(value)
       FROM metric_hours GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`,
    );
    const { rows } = await database.query<{ id: string }>('SELECT id FROM emails ORDER BY id DESC LIMIT 1');
    const project = `/projects/${lane.projectId}`;
    const pages: [name: string, path: string, cookies: Cookies][] = [
      ['Sign in (the first page)', '/sign-in', []],
      ['Projects', '/projects', cookies],
      ['Connections', `${project}/connections`, cookies],
      ['Connection', `${project}/connections/${lane.connectionId}`, cookies],
      ['Emails', `${project}/emails`, cookies],
      ['Email', `${project}/emails/${rows[0]?.id}`, cookies],
      ['Metrics', `${project}/metrics`, cookies],
      ['Webhooks', `${project}/webhooks`, cookies],
      ['API keys', `${project}/api-keys`, cookies],
      ['Settings', `${project}/settings`, cookies],
    ];
    browser = await launchChromium();
    // The first visit of all warms the API.
    await visitPage(browser, `${origin}/app/projects`, cookies, 'desktop');
    const reports: PageReport[] = [];
    for (const [page, path, own] of pages) {
      const address = `${origin}/app${path}`;
      reports.push({
        page,
        problems: await axeFindings(browser, address, own),
        desktop: await visitOften(browser, address, own, 'desktop', rounds),
        phone: await visitOften(browser, address, own, 'phone', rounds),
      });
    }
    return reports;
  } finally {
    await browser?.close();
    await stop(api);
    await drop();
  }
}

async function visitOften(
  browser: Browser,
  url: string,
  cookies: Cookies,
  visit: Visit,
  rounds: number,
): Promise<PageFigures> {
  const visits: PageFigures[] = [];
  for (let round = 0; round < rounds; round++) visits.push(await visitPage(browser, url, cookies, visit));
  const of = (name: keyof PageFigures) => median(visits.map((figures) => figures[name]));
  return {
    htmlKb: of('htmlKb'),
    jsKb: of('jsKb'),
    cssKb: of('cssKb'),
    firstPaint: of('firstPaint'),
    largestPaint: of('largestPaint'),
    interactive: of('interactive'),
    blocking: of('blocking'),
    layoutShift: of('layoutShift'),
  };
}

async function signUp(origin: string): Promise<{ cookies: Cookies; organizationId: string }> {
  const answer = await fetch(`${origin}/auth/sign-up/email`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      password: randomBytes(16).toString('hex'),
    }),
  });
  if (!answer.ok) throw new Error(`sign-up: ${answer.status} ${await answer.text()}`);
  const pairs = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const me = await fetch(`${origin}/v1/me`, { headers: { cookie: pairs.join('; ') } });
  const { organization_id: organizationId } = (await me.json()) as { organization_id: string };
  const cookies = pairs.map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url: origin };
  });
  return { cookies, organizationId };
}

/** The section "Pages" of docs/performance.md. */
export function pagesTable(reports: readonly PageReport[]): string {
  const ms = (value: number) => `${Math.round(value)}`;
  const row = ({ page, problems, desktop, phone }: PageReport) =>
    `| ${[
      page,
      `${desktop.htmlKb.toFixed(1)} / ${desktop.jsKb.toFixed(1)} / ${desktop.cssKb.toFixed(1)}`,
      ...[desktop, phone].map(
        ({ firstPaint, largestPaint, interactive, blocking, layoutShift }) =>
          `${ms(firstPaint)} / ${ms(largestPaint)} / ${ms(interactive)} / ${ms(blocking)} / ${layoutShift.toFixed(3)}`,
      ),
      problems.length === 0 ? '0' : problems.join(', '),
    ].join(' | ')} |`;
  return [
    '| page | HTML / JS / CSS, kB compressed | desktop: FCP / LCP / TTI / TBT ms / CLS | phone, slow 4G, CPU ÷ 4: the same | axe, 4 ways |',
    '|---|---|---|---|---|',
    ...reports.map(row),
  ].join('\n');
}
