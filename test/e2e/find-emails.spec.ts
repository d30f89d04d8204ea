import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

interface List {
  data: { id: string }[];
  search?: { looked_until: string | null; continues_after: string | null };
}

interface Source {
  content: string;
  headers: { name: string; value: string }[];
  request: string;
  mime: string | null;
  attachments: object[];
}

describe('finding emails, their source, and what waits', () => {
  let stack: Stack;
  let customer: Customer;
  let stranger: Customer;
  let connectionId: string;
  let sent: string;
  const file = { filename: 'note.txt', content: Buffer.from('a note of ours').toString('base64') };

  beforeAll(async () => {
    stack = await startStack();
    customer = await Customer.create(stack);
    connectionId = (await customer.connect()).id;
    stranger = await Customer.create(stack, '777788889999', 'stranger.example');
    sent = await customer.send({
      subject: 'Order 1024 is on its way',
      tags: [{ name: 'kind', value: 'order' }],
      attachments: [file],
      headers: { 'X-Order': '1024' },
    });
    await customer.untilEmail(sent, 'sent');
    await customer.send({ subject: 'Something else' });
  }, 120_000);
  afterAll(() => stack?.close(), 30_000);

  const find = async (query: string, who = customer) => {
    const { status, body } = await who.api<List>('GET', `/emails?${query}`);
    expect(status).toBe(200);
    expect(body.search).toEqual({ looked_until: null, continues_after: null });
    return body.data.map(({ id }) => id);
  };

  it('finds by subject, recipient, tag, SES message id, connection, status and time', async () => {
    const { body } = await customer.api<{ ses_message_id: string; to: string[] }>('GET', `/emails/${sent}`);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    for (const query of [
      'subject=order%201024',
      'tag=kind&tag_value=order',
      `ses_message_id=${body.ses_message_id}`,
      `recipient=${encodeURIComponent(body.to[0] ?? '')}&subject=ORDER&connection_id=${connectionId}&since=${since}`,
    ])
      expect(await find(query)).toEqual([sent]);
    for (const query of ['subject=nothing', 'tag=kind&tag_value=x', 'until=2020-01-01', 'status=failed'])
      expect(await find(query)).toEqual([]);
    expect(await find(`ses_message_id=${body.ses_message_id}`, stranger)).toEqual([]);
  });

  it.each([
    ['tag_value=x', 'tag_value'],
    ['since=x', 'since'],
    ['since=2026-01-02&until=2026-01-02', 'until'],
    ['connection_id=x', 'connection_id'],
    ['subject=', 'subject'],
    [`subject=${'x'.repeat(321)}`, 'subject'],
  ])('refuses %s by its field', async (query, field) => {
    expect(await customer.api('GET', `/emails?${query}`)).toMatchObject({ status: 422, body: { field } });
  });

  it('shows what SES is asked to send, without the contents of files', async () => {
    const { body } = await customer.api<Source>('GET', `/emails/${sent}/source`);
    expect(body.headers).toEqual(
      expect.arrayContaining([
        { name: 'Subject', value: 'Order 1024 is on its way' },
        { name: 'X-Order', value: '1024' },
      ]),
    );
    expect(body.attachments).toEqual([
      expect.objectContaining({ filename: 'note.txt', content_disposition: 'attachment', size: 14 }),
    ]);
    expect(JSON.stringify(body)).not.toContain(file.content);
    expect(body.request).toContain('"FromEmailAddress"');
    expect((await stranger.api('GET', `/emails/${sent}/source`)).status).toBe(404);
  });

  it('shows a lane that waits, why, and the dead letters', async () => {
    const refused = await customer.send({ from: 'hello@unverified.example' });
    await customer.untilEmail(refused, 'failed');
    await customer.api('PATCH', `/v1/connections/${connectionId}`, { paused: true });
    await customer.send({ subject: 'Waiting' });
    const path = `/v1/projects/${customer.projectId}/queue`;
    const queue = await until('the lane', async () => {
      const { body } = await customer.api<{ data: { backlog: { queued: number } }[] }>('GET', path);
      return (body.data[0]?.backlog.queued ?? 0) > 0 ? body : undefined;
    });
    expect(queue).toMatchObject({
      object: 'queue',
      has_more: false,
      data: [
        {
          id: connectionId,
          status: 'paused',
          blocked_reason: 'connection_paused',
          dead_letters: { failed: 1 },
        },
      ],
      dead_letters: { failed: 1, uncertain: 0, expired: 0, is_more: false },
    });
    expect((await customer.api<List>('GET', `${path}?waiting=true`)).body.data).toHaveLength(1);
    expect((await stranger.api('GET', path)).status).toBe(404);
    expect(await customer.api('GET', `${path}?limit=51`)).toMatchObject({
      status: 422,
      body: { field: 'limit' },
    });
  }, 60_000);

  it('lets a viewer read all of it, and another organization nothing', async () => {
    const owner = new Browser(stack.api);
    await owner.signUp('owner@example.org');
    const organization = (await owner.call('GET', '/v1/me')).body['organization_id'] as string;
    const project = (await owner.call<{ id: string }>('POST', '/v1/projects', { name: 'Ours' })).body.id;
    const { body: invitation } = await owner.call<{ token: string }>(
      'POST',
      `/v1/organizations/${organization}/invitations`,
      { email: 'viewer@example.org', role: 'viewer' },
    );
    const viewer = new Browser(stack.api, { 'x-sesame-project': project });
    await viewer.signUp('viewer@example.org', { invitation: invitation.token });
    for (const path of [`/v1/projects/${project}/queue`, '/emails?subject=x', '/logs?status=4xx'])
      expect((await viewer.call('GET', path)).status).toBe(200);
    expect((await viewer.call('GET', `/emails/${sent}/source`)).status).toBe(404);
    expect((await viewer.call('GET', `/v1/projects/${customer.projectId}/queue`)).status).toBe(404);
  }, 60_000);
});
