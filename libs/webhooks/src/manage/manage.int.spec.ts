import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { weekPartition } from '#libs/database';
import { Receiver } from '../../../../test/support/receiver.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { WebhookLab, type ProjectRows } from '../../test/fixtures.js';
import { SystemRetentionRepository } from '../delivery/system-retention.repository.js';

const page = { limit: 20, after: undefined, status: undefined };

describe('managing webhooks', () => {
  let lab: WebhookLab;
  let project: ProjectRows;
  let receiver: Receiver;

  beforeAll(async () => {
    lab = await WebhookLab.start(await freshDatabase());
  }, 60_000);
  afterAll(() => lab?.stop(), 30_000);
  beforeEach(async () => {
    receiver = await Receiver.start();
    project = await lab.project();
    lab.jobs.length = 0;
  });
  afterEach(() => receiver.stop());

  it('keeps no secret in plain text, and none in the audit log', async () => {
    const { id, signingSecret } = await lab.manage.create(project.projectId, 'key:1', {
      endpoint: receiver.url,
      events: ['email.sent', 'email.sent'],
    });
    const next = await lab.manage.rotateSecret(project.projectId, id, 'key:2');
    const { rows } = await lab.database.query<{ text: string }>(
      `SELECT w::text || (SELECT string_agg(a::text, '') FROM audit_entries a WHERE a.project_id = $2) AS text FROM webhooks w WHERE id = $1`,
      [id, project.projectId],
    );
    for (const secret of [signingSecret, next]) {
      expect(rows[0]?.text).not.toContain(secret);
      expect(rows[0]?.text).not.toContain(secret.slice(6, -1));
    }
    const { rows: entries } = await lab.database.query<{ actor: string; action: string }>(
      'SELECT actor, action FROM audit_entries WHERE project_id = $1 ORDER BY id',
      [project.projectId],
    );
    expect(entries).toEqual([
      { actor: 'key:1', action: 'webhook.created' },
      { actor: 'key:2', action: 'webhook.secret_rotated' },
    ]);
    expect((await lab.manage.get(project.projectId, id)).events).toEqual(['email.sent']);
    expect((await lab.manage.get(project.projectId, id)).signingSecret).toBe(next);
  });

  it('walks the list in both directions, and knows no cursor of another project', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift(await lab.endpoint(project.projectId, receiver.url));
    const list = async (cursor: { after?: string; before?: string }) => {
      const { hasMore, webhooks } = await lab.manage.list(project.projectId, { limit: 2, ...cursor });
      return [webhooks.map(({ id }) => ids.indexOf(id)), hasMore];
    };
    const at = (index: number): string => ids[index] ?? '';
    expect(await list({})).toEqual([[0, 1], true]);
    expect(await list({ after: at(1) })).toEqual([[2, 3], true]);
    expect(await list({ after: at(3) })).toEqual([[4], false]);
    expect(await list({ before: at(3) })).toEqual([[1, 2], true]);
    expect(await list({ before: at(1) })).toEqual([[0], false]);
    const stranger = await lab.project();
    await expect(lab.manage.list(stranger.projectId, { limit: 2, after: at(1) })).rejects.toMatchObject({
      code: 'webhook.unknown_cursor',
    });
  });

  it('gives only one of two rotations at the same time', async () => {
    const id = await lab.endpoint(project.projectId, receiver.url);
    const results = await Promise.allSettled(
      Array.from({ length: 2 }, () => lab.manage.rotateSecret(project.projectId, id, 'key:1')),
    );
    const won = results.filter(({ status }) => status === 'fulfilled');
    expect(won.length).toBeGreaterThanOrEqual(1);
    const last = await lab.manage.get(project.projectId, id);
    expect(results).toContainEqual({ status: 'fulfilled', value: last.signingSecret });
  });

  it('has a bound on the endpoints of a project', async () => {
    for (let index = 0; index < 50; index++) await lab.endpoint(project.projectId, receiver.url);
    await expect(lab.endpoint(project.projectId, receiver.url)).rejects.toMatchObject({
      code: 'webhook.too_many',
    });
  });

  it('pages through the events of one endpoint and replays those of a time that failed', async () => {
    const id = await lab.endpoint(project.projectId, receiver.url);
    receiver.answer = (_, index) => (index < 3 ? 500 : 200);
    await lab.put(project.projectId, 5);
    await lab.runJobs();
    await lab.database.query(
      `UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL WHERE webhook_id = $1 AND status = 'pending'`,
      [id],
    );
    const first = await lab.events.list(project.projectId, id, { ...page, limit: 3 });
    expect(first).toMatchObject({ hasMore: true, events: { length: 3 } });
    const rest = await lab.events.list(project.projectId, id, {
      ...page,
      limit: 3,
      after: `msg_${first.events[2]?.messageId}`,
    });
    expect(rest).toMatchObject({ hasMore: false, events: { length: 2 } });
    const failed = await lab.events.list(project.projectId, id, { ...page, status: 'failed' });
    expect(failed.events).toHaveLength(3);

    const since = new Date(Date.now() - 60_000);
    const failedIds = failed.events.map(({ messageId }) => `msg_${messageId}`).sort();
    expect(
      await lab.events.replayRange(project.projectId, id, { since, until: undefined, status: 'failed' }),
    ).toEqual({ count: 3, nextSince: undefined });
    await lab.runJobs();
    expect(await lab.statuses(id)).toEqual({ success: 5 });
    expect(receiver.ids.slice(5).sort()).toEqual(failedIds);
    expect(
      await lab.events
        .replayRange(project.projectId, id, { since, until: since, status: 'all' })
        .catch(codeOf),
    ).toBe('webhook.empty_range');
    const until = new Date(Date.now() - 30_000);
    expect(
      await lab.events.replayRange(project.projectId, id, { since, until, status: 'all' }),
    ).toMatchObject({
      count: 0,
    });
  });

  it('forgets old messages a week at a time and leaves the others', async () => {
    const id = await lab.endpoint(project.projectId, receiver.url);
    await lab.put(project.projectId, 2);
    const old = new Date(Date.now() - 40 * 24 * 3_600_000);
    const tables = ['webhook_messages', 'webhook_deliveries', 'webhook_attempts'];
    for (const table of tables) {
      const { name, fromId, toId } = weekPartition(table, old);
      await lab.database.query(
        `CREATE TABLE "${name}" PARTITION OF "${table}" FOR VALUES FROM ('${fromId}') TO ('${toId}')`,
      );
    }
    const retention = new SystemRetentionRepository(lab.database);
    const dropped = await retention.dropBefore(new Date(Date.now() - 30 * 24 * 3_600_000));
    expect(dropped.sort()).toEqual(tables.map((table) => weekPartition(table, old).name).sort());
    expect(await retention.dropBefore(new Date(Date.now() - 30 * 24 * 3_600_000))).toEqual([]);
    expect(await lab.statuses(id)).toEqual({ pending: 2 });
  });
});

function codeOf(error: { code: string }): string {
  return error.code;
}
