import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase } from '../../../../test/support/stores.js';
import { WebhookLab, type ProjectRows } from '../../test/fixtures.js';

describe('publishing events', () => {
  let lab: WebhookLab;
  let project: ProjectRows;
  const url = 'http://127.0.0.1:9009/hook';

  beforeAll(async () => {
    lab = await WebhookLab.start(await freshDatabase());
    project = await lab.project();
  }, 60_000);
  afterAll(() => lab?.stop(), 30_000);

  const statements = async (work: () => Promise<unknown>): Promise<number> => {
    const before = lab.database.counter.statements;
    await work();
    return lab.database.counter.statements - before;
  };
  const payloads = async (type: string) => {
    const { rows } = await lab.database.query<{ payload: string }>(
      'SELECT payload FROM webhook_messages WHERE project_id = $1 AND type = $2 ORDER BY id',
      [project.projectId, type],
    );
    return rows.map(
      ({ payload }) => JSON.parse(payload) as { type: string; created_at: string; data: object },
    );
  };

  it('sends no statement for a project without an endpoint', async () => {
    expect(await statements(() => lab.put(project.projectId, 100))).toBe(0);
    expect(lab.jobs).toEqual([]);
  });

  it('stores each event once and a delivery for every endpoint that wants it, in one statement', async () => {
    const [all, sent, other] = [
      await lab.endpoint(project.projectId, url, ['email.sent', 'email.bounced']),
      await lab.endpoint(project.projectId, url, ['email.sent']),
      await lab.endpoint(project.projectId, url, ['email.opened']),
    ];
    const stranger = await lab.project();
    const foreign = await lab.endpoint(stranger.projectId, url, ['email.sent', 'email.bounced']);
    const count = await statements(async () => {
      await lab.publish.execute([
        ...Array.from({ length: 300 }, () => ({
          projectId: project.projectId,
          type: 'email.sent',
          at: new Date(),
        })),
        { projectId: project.projectId, type: 'email.bounced', at: new Date() },
        { projectId: project.projectId, type: 'email.complained', at: new Date() },
      ]);
    });
    expect(count).toBe(1);
    expect(await lab.statuses(all)).toEqual({ pending: 301 });
    expect(await lab.statuses(sent)).toEqual({ pending: 300 });
    expect(await lab.statuses(other)).toEqual({});
    expect(await lab.statuses(foreign)).toEqual({});
    expect(await payloads('email.sent')).toHaveLength(300);
    expect(await payloads('email.complained')).toHaveLength(0);
    expect(lab.jobs.sort()).toEqual([all, sent].sort());
    const { rows } = await lab.database.query<{ id: string }>(
      'SELECT id FROM webhooks WHERE wake_at <= now() ORDER BY id',
    );
    expect(rows.map(({ id }) => id)).toEqual([all, sent].sort());
  });

  it("renders Resend's payload from the email, with tags as an object and the event's own words on top", async () => {
    const emailId = await lab.email(project, { sesMessageId: '0102-abc' });
    const at = new Date('2026-11-24T08:00:00.123Z');
    const bounce = { type: 'Permanent', subType: 'General', message: 'no\u2028such "user"' };
    await lab.publish.execute([
      {
        projectId: project.projectId,
        type: 'email.bounced',
        at,
        emailId,
        data: { bounce, to: ['x@example.net'] },
      },
    ]);
    const [, payload] = await payloads('email.bounced');
    expect(payload).toEqual({
      type: 'email.bounced',
      created_at: '2026-11-24T08:00:00.123Z',
      data: {
        email_id: emailId,
        message_id: '<0102-abc@eu-west-1.amazonses.com>',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        from: 'Acme <a@example.com>',
        to: ['x@example.net'],
        subject: 'Hällo "you"',
        tags: { kind: 'otp' },
        bounce,
      },
    });
  });

  it('does not read an email of another project', async () => {
    const stranger = await lab.project();
    const emailId = await lab.email(stranger);
    await lab.publish.execute([
      { projectId: project.projectId, type: 'email.bounced', at: new Date(), emailId },
    ]);
    expect((await payloads('email.bounced')).at(-1)?.data).toEqual({ email_id: emailId });
  });

  it('rolls back with the transaction it is part of', async () => {
    const before = (await payloads('email.bounced')).length;
    await expect(
      lab.database.transaction(async (sql) => {
        await lab.publish.store(sql, [
          { projectId: project.projectId, type: 'email.bounced', at: new Date() },
        ]);
        throw new Error('changed our mind');
      }),
    ).rejects.toThrow('changed our mind');
    expect(await payloads('email.bounced')).toHaveLength(before);
  });
});
