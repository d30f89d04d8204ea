import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { newId } from '#libs/crypto';
import { Broadcast, Database } from '#libs/database';
import { JobProducer } from '#libs/queue';
import { createLogger, Logger } from '#libs/telemetry';
import { PublishEvents, WebhooksModule } from '#libs/webhooks';
import { noWatchers } from '../../../../test/support/no-listeners.js';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { AcceptRepository } from '../accept/accept.repository.js';
import { prepareEmail } from '../accept/prepare-email.js';
import { DrainRepository, type Claim } from './drain.repository.js';
import type { Outcome } from './outcome.js';
import { RecordRepository } from './record.repository.js';
import { SystemLanesRepository } from './system-lanes.repository.js';

interface Message {
  type: string;
  data: Record<string, unknown>;
}

describe('events of emails', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let module: TestingModule;
  let publish: PublishEvents;
  let accept: AcceptRepository;
  let drain: DrainRepository;
  let records: RecordRepository;
  let lane: LaneRows;
  let webhookId: string;
  const woken: string[] = [];
  const logLines: string[] = [];

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
    const jobs = {
      add: (_: string, data: { webhookId: string }) => Promise.resolve(void woken.push(data.webhookId)),
    };
    const providers = [
      { provide: Database, useValue: database },
      { provide: Broadcast, useValue: { on: () => undefined, onGap: () => undefined } },
      { provide: JobProducer, useValue: jobs },
      { provide: Logger, useValue: createLogger('debug', 'test', (line) => logLines.push(line)) },
    ];
    @Global()
    @Module({ providers, exports: providers.map(({ provide }) => provide) })
    class Ground {}
    lane = await insertLane(database, { rate: 1_000_000 });
    webhookId = newId();
    await database.query(
      `INSERT INTO webhooks (id, project_id, endpoint, events, sealed_secret)
       VALUES ($1, $2, 'https://example.com/hook', ARRAY['email.sent', 'email.failed', 'email.scheduled', 'email.uncertain'], 'sealed')`,
      [webhookId, lane.projectId],
    );
    module = await Test.createTestingModule({ imports: [Ground, WebhooksModule] }).compile();
    await module.init();
    publish = module.get(PublishEvents);
    accept = new AcceptRepository(database, publish);
    drain = new DrainRepository(database);
    records = new RecordRepository(database, publish, noWatchers);
  }, 60_000);
  afterAll(async () => {
    await module?.close();
    await database?.close();
    await server?.drop();
  }, 30_000);
  beforeEach(async () => {
    woken.length = 0;
    await database.query('DELETE FROM webhook_deliveries');
    await database.query('DELETE FROM webhook_messages');
  });

  const put = async (to: LaneRows, count: number, fields: object = {}): Promise<string[]> => {
    const emails = await Promise.all(
      Array.from({ length: count }, () =>
        prepareEmail(
          { from: 'a@example.com', to: ['p@example.net'], subject: 's', text: 't', ...fields },
          0,
          new Date(),
        ),
      ),
    );
    await accept.commit([
      {
        projectId: to.projectId,
        apiKeyId: undefined,
        emails: emails.map((email) => ({ ...email, connectionId: to.connectionId })),
        idempotency: undefined,
        response: {},
      },
    ]);
    return emails.map(({ id }) => id);
  };
  const claim = (from: LaneRows): Promise<Claim> =>
    drain.claim({
      connectionId: from.connectionId,
      claimId: newId(),
      workerId: newId(),
      epoch: 1,
      sesAccountId: from.sesAccountId,
      notBeforeMs: 0,
      maxEmails: 200,
      maxBytes: 1e9,
      ttlMs: 60_000,
    });
  const outcome = (emailId: string, status: Outcome['status'] = 'sent'): Outcome => ({
    emailId,
    status,
    attempt: status === 'queued' ? 'retry' : status,
    isCounted: true,
    retryInMs: 60_000,
    sesMessageId: status === 'sent' ? `ses-${emailId}` : undefined,
    errorName: status === 'sent' ? undefined : 'MessageRejected',
    errorMessage: status === 'sent' ? undefined : 'no',
    errorRemedy: undefined,
    startedAt: new Date(),
    durationMs: 1,
  });
  const messages = async (): Promise<Message[]> =>
    (await database.query<{ payload: string }>('SELECT payload FROM webhook_messages ORDER BY id')).rows.map(
      ({ payload }) => JSON.parse(payload) as Message,
    );
  const statusOf = async (id: string | undefined) =>
    (await database.query<{ status: string }>('SELECT status FROM emails WHERE id = $1', [id])).rows[0]
      ?.status;

  it('are stored by the statement that records, which stays one for a whole claim', async () => {
    await put(lane, 200);
    const { id, emails } = await claim(lane);
    expect(emails).toHaveLength(200);
    const before = database.counter.statements;
    await records.record(
      lane,
      id,
      emails.map((email) => outcome(email.id)),
      true,
    );
    expect(database.counter.statements - before).toBe(1);
    expect(woken).toEqual([webhookId]);
    const stored = await messages();
    expect(new Set(stored.map(({ data }) => data['email_id']))).toEqual(
      new Set(emails.map((email) => email.id)),
    );
    const first = stored[0]?.data['email_id'] as string;
    expect(stored[0]).toMatchObject({
      type: 'email.sent',
      data: {
        message_id: `<ses-${first}@eu-west-1.amazonses.com>`,
        from: 'a@example.com',
        to: ['p@example.net'],
        tags: {},
      },
    });
    expect((await database.query('SELECT 1 FROM claims WHERE id = $1', [id])).rowCount).toBe(0);
  });

  it('tell what is final, and nothing of what goes back', async () => {
    const [sent, failed, uncertain, queued] = await put(lane, 4);
    const { id } = await claim(lane);
    await records.record(
      lane,
      id,
      [
        outcome(sent ?? ''),
        outcome(failed ?? '', 'failed'),
        outcome(uncertain ?? '', 'uncertain'),
        outcome(queued ?? '', 'queued'),
      ],
      true,
    );
    const stored = await messages();
    expect(stored.map(({ type, data }) => [type, data['email_id']]).sort()).toEqual(
      [
        ['email.failed', failed],
        ['email.sent', sent],
        ['email.uncertain', uncertain],
      ].sort(),
    );
    expect(stored.find(({ type }) => type === 'email.failed')?.data).toMatchObject({
      message_id: null,
      failed: { reason: 'MessageRejected', message: 'no' },
    });
    expect(await statusOf(queued)).toBe('queued');
  });

  it('are none of an outcome that came too late', async () => {
    const [id] = await put(lane, 1);
    const taken = await claim(lane);
    await database.query('UPDATE emails SET claim_id = $2 WHERE id = $1', [id, newId()]);
    await records.record(lane, taken.id, [outcome(id ?? '')], true);
    expect(await messages()).toEqual([]);
    expect(woken).toEqual([]);
  });

  it('tell of scheduled mail when it is accepted', async () => {
    const before = database.counter.statements;
    const [id] = await put(lane, 1, { scheduled_at: new Date(Date.now() + 3_600_000).toISOString() });
    const scheduling = database.counter.statements - before;
    expect(await messages()).toMatchObject([
      { type: 'email.scheduled', data: { email_id: id, message_id: null } },
    ]);
    const start = database.counter.statements;
    await put(lane, 1);
    expect(database.counter.statements - start).toBe(scheduling - 1);
  });

  it('cost a project without endpoints nothing', async () => {
    const other = await insertLane(database, { rate: 1_000_000 });
    await put(other, 3, {});
    const { id, emails } = await claim(other);
    const before = database.counter.statements;
    await records.record(
      other,
      id,
      emails.map((email) => outcome(email.id)),
      true,
    );
    expect(database.counter.statements - before).toBe(1);
    expect(await messages()).toEqual([]);
  });

  it('tell of mail that expired before it could go', async () => {
    const [late, other] = await put(lane, 2);
    await database.query('UPDATE emails SET expires_at = now() WHERE id = $1', [late]);
    const { id, emails, expiredIds } = await claim(lane);
    const going = emails.map((email) => email.id);
    expect(going).toContain(other);
    expect(going).not.toContain(late);
    expect(expiredIds).toEqual([late]);
    await records.tellExpired(lane.projectId, expiredIds);
    expect(await messages()).toMatchObject([
      { type: 'email.failed', data: { email_id: late, failed: { reason: 'Expired' } } },
    ]);
    await records.record(lane, id, [outcome(other ?? '')], true);
  });

  it('tell of mail whose worker died, where the project wants no second try', async () => {
    const careful = await insertLane(database, { rate: 1_000_000, delivery: 'at_most_once' });
    const [email] = await put(careful, 1);
    const { id } = await claim(careful);
    await database.query(`UPDATE claims SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    const recovered = await new SystemLanesRepository(database).recoverExpiredClaims(10);
    expect(recovered).toMatchObject({
      uncertain: 1,
      uncertainEmails: [{ projectId: careful.projectId, emailId: email }],
    });
  });

  it('never keep an outcome from being written', async () => {
    await put(lane, 2);
    const { id, emails } = await claim(lane);
    await database.query('ALTER TABLE webhook_messages ADD CONSTRAINT refuse CHECK (false) NOT VALID');
    await records.record(
      lane,
      id,
      emails.map((email) => outcome(email.id)),
      true,
    );
    await database.query('ALTER TABLE webhook_messages DROP CONSTRAINT refuse');
    for (const email of emails) expect(await statusOf(email.id)).toBe('sent');
    expect(await messages()).toEqual([]);
    expect(logLines.some((line) => line.includes('webhook.publish_failed'))).toBe(true);
  });
});
