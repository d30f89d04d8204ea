import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { hang, Receiver } from '../../../../test/support/receiver.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { until } from '../../../../test/support/until.js';
import { WebhookLab, type ProjectRows } from '../../test/fixtures.js';
import { showMessageId } from '../message-id.js';

describe('delivering to an endpoint', () => {
  let lab: WebhookLab;
  let project: ProjectRows;
  let receiver: Receiver;
  let id: string;

  beforeAll(async () => {
    lab = await WebhookLab.start(await freshDatabase(), { timeoutMs: 500 });
  }, 60_000);
  afterAll(() => lab?.stop(), 30_000);
  beforeEach(async () => {
    receiver = await Receiver.start();
    project = await lab.project();
    id = await lab.endpoint(project.projectId, receiver.url);
    lab.jobs.length = 0;
  });
  afterEach(async () => {
    await receiver.stop();
  });

  const attempts = async () => {
    const { rows } = await lab.database.query<{
      status_code: number | null;
      response: string | null;
      error: string | null;
    }>('SELECT status_code, response, error FROM webhook_attempts WHERE webhook_id = $1 ORDER BY id', [id]);
    return rows;
  };
  const row = async () => {
    const { rows } = await lab.database.query<Record<string, unknown>>(
      'SELECT * FROM webhooks WHERE id = $1',
      [id],
    );
    return rows[0] ?? {};
  };

  it('sends everything that is due, each message once, in few statements', async () => {
    await lab.put(project.projectId, 500);
    const before = lab.database.counter.statements;
    await lab.runJobs();
    const perDelivery = (lab.database.counter.statements - before) / 500;
    expect(receiver.requests).toHaveLength(500);
    expect(new Set(receiver.ids).size).toBe(500);
    expect(await lab.statuses(id)).toEqual({ success: 500 });
    expect((await attempts()).every(({ status_code }) => status_code === 200)).toBe(true);
    expect((await row())['wake_at']).toBeNull();
    process.stderr.write(`webhook delivery: ${perDelivery} statements each\n`);
    expect(perDelivery).toBeLessThan(0.2);
  });

  it('is verified by svix and by standardwebhooks, and also with the previous secret after a rotation', async () => {
    const { signingSecret: old } = await lab.manage.get(project.projectId, id);
    const fresh = await lab.manage.rotateSecret(project.projectId, id, 'key:test');
    await lab.put(project.projectId, 1);
    await lab.runJobs();
    const [request] = receiver.requests;
    const headers = request?.headers as Record<string, string>;
    const body = request?.body ?? '';
    for (const secret of [old, fresh]) {
      expect(new SvixWebhook(secret).verify(body, headers)).toMatchObject({ type: 'email.sent' });
      expect(new StandardWebhook(secret).verify(body, headers)).toMatchObject({ type: 'email.sent' });
    }
    expect(headers['svix-signature']?.split(' ')).toHaveLength(2);
    expect(headers['user-agent']).toMatch(/^Sesame-Webhooks\//);
    expect(headers['content-type']).toBe('application/json');

    await lab.database.query(`UPDATE webhooks SET previous_secret_until = now() WHERE id = $1`, [id]);
    await lab.put(project.projectId, 1);
    await lab.runJobs();
    const later = receiver.requests[1];
    const laterHeaders = later?.headers as Record<string, string>;
    expect(() => new SvixWebhook(old).verify(later?.body ?? '', laterHeaders)).toThrow();
    expect(new SvixWebhook(fresh).verify(later?.body ?? '', laterHeaders)).toMatchObject({
      type: 'email.sent',
    });
  });

  it('tries again with the same id and bytes and a fresh signature, eight times in all, then gives up', async () => {
    receiver.answer = () => ({ status: 503, body: 'over\u0000loaded'.repeat(1_000) });
    await lab.put(project.projectId, 1);
    for (let attempt = 1; attempt <= 8; attempt++) {
      expect(await lab.statuses(id)).toEqual({ pending: 1 });
      await lab.hurry(id);
      await lab.runJobs();
    }
    expect(await lab.statuses(id)).toEqual({ failed: 1 });
    expect(receiver.requests).toHaveLength(8);
    expect(new Set(receiver.ids).size).toBe(1);
    expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(1);
    const log = await attempts();
    expect(log.map(({ status_code }) => status_code)).toEqual(Array.from({ length: 8 }, () => 503));
    expect(log[0]?.response).toHaveLength(1_024);
    expect((await row())['failing_since']).not.toBeNull();
    expect(await row()).toMatchObject({ wake_at: null, status: 'enabled' });
  });

  it('takes a redirect for a failure and does not follow it', async () => {
    const elsewhere = await Receiver.start();
    receiver.answer = () => ({ status: 302, headers: { location: elsewhere.url } });
    await lab.put(project.projectId, 1);
    await lab.runJobs();
    expect(await lab.statuses(id)).toEqual({ pending: 1 });
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.stop();
  });

  it('wakes for a retry when it is due, and not before', async () => {
    receiver.answer = (_, index) => (index === 0 ? 500 : 200);
    await lab.put(project.projectId, 1);
    await lab.runJobs();
    const wakeAt = (await row())['wake_at'] as Date;
    expect(wakeAt.getTime()).toBeGreaterThan(Date.now() + 1_000);
    expect(wakeAt.getTime()).toBeLessThan(Date.now() + 6_000);
    expect(await lab.wake.claimDue(10)).not.toContain(id);
    await lab.database.query('UPDATE webhooks SET wake_at = now() WHERE id = $1', [id]);
    expect(await lab.wake.claimDue(10)).toContain(id);
    expect(await lab.wake.claimDue(10)).not.toContain(id);
    await lab.hurry(id);
    await lab.runJobs();
    expect(await lab.statuses(id)).toEqual({ success: 1 });
    expect((await row())['failing_since']).toBeNull();
  });

  it('is disabled at once by 410 Gone, with a reason, an audit entry and a notice to other endpoints', async () => {
    const witness = await Receiver.start();
    const witnessId = await lab.endpoint(project.projectId, witness.url, ['webhook.disabled']);
    receiver.answer = () => 410;
    await lab.put(project.projectId, 3);
    await lab.runJobs();
    await until('the notice', async () => {
      await lab.runJobs();
      return witness.requests.length === 1;
    });
    expect(witness.events[0]).toMatchObject({ type: 'webhook.disabled', data: { id, reason: 'gone' } });
    expect(await row()).toMatchObject({ status: 'disabled', disabled_reason: 'gone', wake_at: null });
    const { rows } = await lab.database.query(
      `SELECT data FROM audit_entries WHERE action = 'webhook.disabled' AND target = $1`,
      [`webhook:${id}`],
    );
    expect(rows).toEqual([{ data: { reason: 'gone' } }]);
    expect(lab.logLines.some((line) => line.includes('"webhook.disabled"') && line.includes(id))).toBe(true);

    const seen = receiver.requests.length;
    await lab.put(project.projectId, 1);
    await lab.hurry(id);
    await lab.runJobs();
    expect(receiver.requests).toHaveLength(seen);
    await lab.manage.remove(project.projectId, witnessId, 'key:test');
    await witness.stop();
  });

  it('is disabled after five days of failures, and not while anything succeeds', async () => {
    receiver.answer = (_, index) => (index === 0 ? 200 : 500);
    await lab.database.query(`UPDATE webhooks SET failing_since = now() - interval '6 days' WHERE id = $1`, [
      id,
    ]);
    await lab.put(project.projectId, 1);
    await lab.runJobs();
    expect(await row()).toMatchObject({ status: 'enabled', failing_since: null });
    await lab.database.query(`UPDATE webhooks SET failing_since = now() - interval '6 days' WHERE id = $1`, [
      id,
    ]);
    await lab.put(project.projectId, 1);
    await lab.runJobs();
    expect(await row()).toMatchObject({ status: 'disabled', disabled_reason: 'failing' });

    await lab.manage.update(project.projectId, id, 'key:test', {
      status: 'enabled',
      endpoint: undefined,
      events: undefined,
    });
    expect(await row()).toMatchObject({ status: 'enabled', disabled_reason: null, failing_since: null });
  });

  it('takes what a dead worker had claimed, under the same id', async () => {
    await lab.put(project.projectId, 2);
    const lost = await lab.deliveries.claim(id, 1, 60_000);
    await lab.runJobs();
    expect(await lab.statuses(id)).toEqual({ attempting: 1, success: 1 });
    await lab.hurry(id);
    await lab.runJobs();
    expect(await lab.statuses(id)).toEqual({ success: 2 });
    expect(receiver.ids).toContain(showMessageId(lost[0]?.messageId ?? ''));
  });

  it('finds what a publisher left behind that died before its wake-up', async () => {
    await lab.put(project.projectId, 1);
    lab.jobs.length = 0;
    await lab.database.query('UPDATE webhooks SET wake_at = NULL WHERE id = $1', [id]);
    await lab.wake.wakeForgotten();
    expect(await lab.wake.claimDue(10)).toContain(id);
  });

  it('leaves an endpoint alone that lets requests time out, and asks with a single one whether it is back', async () => {
    receiver.answer = hang;
    await lab.put(project.projectId, 30);
    await lab.runJobs();
    await lab.deliver.settled();
    expect(receiver.requests.length).toBeLessThanOrEqual(10);
    expect(await row()).toMatchObject({ trouble: 1, status: 'enabled' });
    expect((await attempts())[0]).toMatchObject({
      status_code: null,
      error: expect.stringContaining('in time'),
    });
    const seen = receiver.requests.length;
    await lab.hurry(id);
    await lab.runJobs();
    expect(receiver.requests).toHaveLength(seen);

    await lab.database.query('UPDATE webhooks SET rest_until = now() WHERE id = $1', [id]);
    await lab.hurry(id);
    await lab.runJobs();
    expect(receiver.requests).toHaveLength(seen + 1);
    expect(await row()).toMatchObject({ trouble: 2 });

    receiver.answer = () => 200;
    await lab.database.query('UPDATE webhooks SET rest_until = now() WHERE id = $1', [id]);
    await lab.hurry(id);
    await lab.runJobs();
    expect(await lab.statuses(id)).toEqual({ success: 30 });
    expect(await row()).toMatchObject({ trouble: 0, rest_until: null, wake_at: null });
  });

  it('writes the results of a slow answer when it comes, and gives the worker away before', async () => {
    const slow = await WebhookLab.start(await freshDatabase(), { timeoutMs: 60_000 });
    const lane = await slow.project();
    const endpoint = await slow.endpoint(lane.projectId, receiver.url);
    let release: (status: number) => void = () => undefined;
    const held = new Promise<number>((resolve) => (release = resolve));
    receiver.answer = (_, index) => (index === 0 ? held : 200);
    await slow.put(lane.projectId, 20);
    await slow.runJobs();
    expect(receiver.requests).toHaveLength(20);
    expect(await slow.statuses(endpoint)).toEqual({ attempting: 1, success: 19 });
    release(200);
    await slow.deliver.settled();
    expect(await slow.statuses(endpoint)).toEqual({ success: 20 });
    await slow.stop();
  }, 60_000);

  it('hands back what has not left when the process is to end', async () => {
    const ending = new AbortController();
    receiver.answer = () => {
      ending.abort();
      return 200;
    };
    await lab.put(project.projectId, 50);
    await lab.deliver.execute(id, ending.signal);
    await lab.deliver.settled();
    const statuses = await lab.statuses(id);
    expect(statuses['attempting']).toBeUndefined();
    expect((statuses['success'] ?? 0) + (statuses['pending'] ?? 0)).toBe(50);
    expect(statuses['pending']).toBeGreaterThan(0);
  });
});
