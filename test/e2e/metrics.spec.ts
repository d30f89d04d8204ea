import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { Database } from '#libs/database';
import { bounce, click, delivery, open, type MailFields } from '../support/ses-records.js';
import { call, Customer, type ConnectionBody } from '../support/customer.js';
import { EventStreamClient } from '../support/event-stream.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

interface MetricsBody {
  from: string;
  to: string;
  totals: Record<string, number> & { latency: { p50_ms: number; p95_ms: number } | null };
  data: ({ at: string } & Record<string, number>)[];
  groups: { group: string | null; totals: Record<string, number> }[] | null;
}

describe('metrics and live updates', () => {
  let stack: Stack;
  let customer: Customer;
  let stranger: Customer;
  let connection: ConnectionBody;
  let database: Database;

  beforeAll(async () => {
    stack = await startStack();
    customer = await Customer.create(stack);
    stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    connection = await customer.connect();
    database = new Database(stack.databaseUrl, 2);
    const hash = (text: string) => createHash('sha256').update(text).digest();
    await database.query(
      `INSERT INTO feedback_sources (connection_id, project_id, mode, status, region, token_hash, secret_hash)
       VALUES ($1, $2, 'eventbridge', 'active', 'eu-west-1', $3, $4)`,
      [connection.id, customer.projectId, hash('e'.repeat(43)), hash('s3cret')],
    );
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await stack?.close();
  }, 30_000);

  const to = 'person@example.net';
  const metrics = async (query = '', who = customer) =>
    who.api<MetricsBody>('GET', `/v1/projects/${customer.projectId}/metrics${query}`);
  const untilTotals = (query: string, totals: Record<string, number>) =>
    until(`metrics ${query}`, async () => {
      const { body } = await metrics(query);
      for (const [name, count] of Object.entries(totals))
        if (body.totals[name] !== count) throw new Error(JSON.stringify(body.totals));
      return body;
    });
  const watch = (key: string, headers: Record<string, string> = {}) =>
    EventStreamClient.open(`${stack.api}/v1/projects/${customer.projectId}/live`, {
      authorization: `Bearer ${key}`,
      ...headers,
    });
  /** What SES tells, as EventBridge posts it. */
  let posted = 0;
  const tell = async (detail: object) => {
    const body = { id: `event-${++posted}`, source: 'aws.ses', account: customer.account, detail };
    const path = `/feedback/eventbridge/${'e'.repeat(43)}`;
    const answer = await call(stack.api, undefined, 'POST', path, body, { 'x-sesame-secret': 's3cret' });
    expect(answer.body).toMatchObject({ taken: 'stored' });
  };

  it('counts what was sent and what SES tells about it, and tells watchers at once', async () => {
    const live = await watch(customer.key);
    expect([live.status, live.headers['content-type'], live.headers['cache-control']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-cache, no-transform',
    ]);
    await live.until('ready', ({ data }) => data.type === 'ready');

    const tags = [{ name: 'kind', value: 'welcome' }];
    const [first, second] = [await customer.send({ to, tags }), await customer.send({ to })];
    await customer.send({ to: 'success@simulator.amazonses.com' });
    const seen = (id: string, event: string) =>
      live.until(`${event} ${id}`, ({ data }) =>
        ((data['emails'] ?? []) as { id: string; event: string }[]).some(
          (email) => email.id === id && email.event === event,
        ),
      );
    await Promise.all([seen(first, 'sent'), seen(second, 'sent')]);
    await untilTotals('', { sent: 2, recipients: 2, delivered: 0 });

    const mail = (emailId: string): MailFields => ({
      emailId,
      messageId: `m-${emailId}`,
      timestamp: new Date().toISOString(),
      destination: [to],
    });
    const told = mail(first);
    await tell(delivery(told, [to], 800));
    await tell(open(told, 'Mozilla/5.0 (iPhone) Mail', 5_000));
    await tell(open(told, 'Mozilla/5.0 (iPhone) Mail', 9_000));
    await tell(click(told, 'https://example.com/', 12_000));
    await tell(bounce(mail(second)));
    // All but the delivery are of a time to come by some seconds.
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const body = await untilTotals(`?to=${later}`, {
      sent: 2,
      delivered: 1,
      bounced: 1,
      bounced_permanent: 1,
      opened: 2,
      unique_opened: 1,
      clicked: 1,
      delivery_rate: 0.5,
      bounce_rate: 0.5,
      open_rate: 0.5,
      click_rate: 0.5,
    });
    expect(body.totals.latency?.p95_ms).toBeGreaterThan(500);
    expect(body.totals.latency?.p95_ms).toBeLessThanOrEqual(1_000);
    expect(body.data.length).toBeGreaterThanOrEqual(7);
    await live.until('delivered', ({ data }) => JSON.stringify(data).includes('delivered'));
    expect(live.events.filter(({ data }) => data.type === 'metrics').length).toBeGreaterThan(0);
    expect(JSON.stringify(live.events)).not.toContain(to);

    const byTag = await metrics(`?tag=kind&group_by=tag&to=${later}`);
    expect(byTag.body.groups).toMatchObject([{ group: 'welcome', totals: { sent: 1, delivered: 1 } }]);
    const byConnection = await metrics(`?group_by=connection&granularity=hour&to=${later}`);
    expect(byConnection.body.groups).toMatchObject([{ group: connection.id, totals: { sent: 2 } }]);
    const byDomain = await metrics(`?group_by=domain&domain=example.com&to=${later}`);
    expect(byDomain.body.groups).toMatchObject([{ group: 'example.com', totals: { bounced: 1 } }]);
    expect((await metrics('?domain=other.example')).body.totals['sent']).toBe(0);

    live.close();
  }, 60_000);

  it("answers Resend's SDK", async () => {
    const resend = new Resend(customer.key, { baseUrl: stack.api });
    const { data, error } = await resend.emails.metrics({
      metrics: ['sent', 'delivered', 'delivery_rate'],
      dimensions: ['period', 'domain'],
    });
    expect(error).toBeNull();
    expect(data).toMatchObject({
      object: 'metrics',
      granularity: 'daily',
      metrics: ['sent', 'delivered', 'delivery_rate'],
      totals: { sent: 2, delivered: 1, delivery_rate: 0.5 },
    });
    expect(data?.data).toHaveLength(7);
    expect(data?.data?.at(-1)).toMatchObject({ domain_name: 'example.com', sent: 2 });
    const totals = await resend.emails.metrics();
    expect(totals.error).toBeNull();
    expect(totals.data?.data).toBeUndefined();
    expect(totals.data?.totals).toMatchObject({ sent: 2, received: 0, bounced_permanent: 1 });
    const refused = await resend.emails.metrics({ dimensions: ['email'] });
    expect(refused.error).toMatchObject({ statusCode: 422 });
  });

  it('tells of connections, and begins with reset for whoever comes back', async () => {
    const live = await watch(customer.key, { 'last-event-id': 'whatever' });
    await live.until('reset', ({ data }) => data.type === 'reset');
    const paused = await customer.api('PATCH', `/v1/connections/${connection.id}`, { paused: true });
    expect(paused.body).toMatchObject({ status: 'paused' });
    await live.until(
      'paused',
      ({ data }) =>
        data.type === 'connection.status' && data['id'] === connection.id && data['status'] === 'paused',
    );
    live.close();
  }, 30_000);

  it('shows a stranger nothing', async () => {
    const missing = '01930000-0000-7000-8000-000000000000';
    for (const path of ['metrics', 'live']) {
      const foreign = await stranger.api('GET', `/v1/projects/${customer.projectId}/${path}`);
      const unknown = await stranger.api('GET', `/v1/projects/${missing}/${path}`);
      expect([foreign.status, foreign.body['message']]).toEqual([404, unknown.body['message']]);
    }
    expect((await watch('re_nobody')).status).toBe(401);
    const { body } = await stranger.api<{ totals: object }>('GET', '/emails/metrics');
    expect(body.totals).toMatchObject({ sent: 0, delivered: 0 });
  });

  it.each([
    ['granularity=minute', 'granularity'],
    ['from=yesterday', 'from'],
    ['from=2026-13-01', 'from'],
    ['timezone=Mars/Olympus', 'timezone'],
    ['group_by=recipient', 'group_by'],
    ['connection_id=7', 'connection_id'],
    ['group_by=tag', 'tag'],
    ['granularity=hour&from=2001-01-01&to=2001-01-02', 'from'],
    ['from=2026-01-01&to=2025-01-01', 'from'],
    ['granularty=hour', 'granularty'],
  ])('refuses ?%s and names the field', async (query, field) => {
    const { status, body } = await customer.api('GET', `/v1/projects/${customer.projectId}/metrics?${query}`);
    expect([status, body['message']]).toEqual([422, expect.stringContaining(field)]);
  });

  it('ends streams when a key is revoked: only those who still may come back', async () => {
    const { body } = await customer.api<{ id: string; token: string }>(
      'POST',
      `/v1/projects/${customer.projectId}/api-keys`,
      { name: 'short-lived' },
    );
    const live = await watch(body.token);
    await live.until('ready', ({ data }) => data.type === 'ready');
    await customer.api('DELETE', `/v1/projects/${customer.projectId}/api-keys/${body.id}`);
    await until('the end', () => Promise.resolve(live.isEnded));
    expect((await watch(body.token)).status).toBe(401);
  });

  it('ends streams at once when the process stops', async () => {
    const live = await watch(customer.key);
    await live.until('ready', ({ data }) => data.type === 'ready');
    const api = stack.processes.find(({ name }) => name === 'api');
    expect(await api?.stop('SIGTERM')).toBe(0);
    await until('the end', () => Promise.resolve(live.isEnded));
    expect(api?.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});
