import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';
import { noListeners, noWatchers } from '../../../../test/support/no-listeners.js';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { AcceptRepository } from '../accept/accept.repository.js';
import { prepareEmail } from '../accept/prepare-email.js';
import { DrainRepository, type Claim } from './drain.repository.js';
import type { Outcome } from './outcome.js';
import { SystemSesAccountRepository } from './system-ses-account.repository.js';
import { RecordRepository } from './record.repository.js';
import { SystemLanesRepository } from './system-lanes.repository.js';

describe('the statements of a drain', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let accept: AcceptRepository;
  let drain: DrainRepository;
  let records: RecordRepository;
  let lanes: SystemLanesRepository;
  let lane: LaneRows;

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 8);
    accept = new AcceptRepository(database, noListeners);
    drain = new DrainRepository(database);
    records = new RecordRepository(database, noListeners, noWatchers);
    lanes = new SystemLanesRepository(database);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  });
  beforeEach(async () => {
    lane = await insertLane(database);
  });

  const put = async (
    count: number,
    fields: object = {},
    priority = 0,
    to: LaneRows = lane,
  ): Promise<string[]> => {
    const emails = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        prepareEmail(
          { from: 'a@example.com', to: [`p${index}@example.net`], subject: 's', text: 't', ...fields },
          priority,
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
  const claim = (fields: object = {}, from: LaneRows = lane): Promise<Claim> =>
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
      ...fields,
    });
  const sent = (emailId: string): Outcome => ({
    emailId,
    status: 'sent',
    attempt: 'sent',
    isCounted: true,
    retryInMs: 0,
    sesMessageId: `ses-${emailId}`,
    errorName: undefined,
    errorMessage: undefined,
    errorRemedy: undefined,
    startedAt: new Date(),
    durationMs: 3,
  });
  const statusOf = async (id: string | undefined): Promise<Record<string, unknown>> =>
    (await database.query<Record<string, unknown>>('SELECT * FROM emails WHERE id = $1', [id])).rows[0] ?? {};
  const wakeAt = async (): Promise<Date | null> =>
    (
      await database.query<{ wake_at: Date | null }>('SELECT wake_at FROM lanes WHERE connection_id = $1', [
        lane.connectionId,
      ])
    ).rows[0]?.wake_at ?? null;

  it('claims what was accepted, with its payload, in order, and gives it to nobody else', async () => {
    const ids = await put(5);
    const first = await claim({ maxEmails: 3 });
    expect(first.emails.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(JSON.parse(first.emails[0]?.payload ?? '')).toMatchObject({
      FromEmailAddress: 'a@example.com',
      EmailTags: [{ Name: 'sesame_email_id', Value: ids[0] }],
    });
    expect((await claim()).emails.map(({ id }) => id)).toEqual(ids.slice(3));
    expect(await claim()).toMatchObject({ emails: [], reason: 'empty' });
    expect(await statusOf(ids[0])).toMatchObject({ status: 'sending', attempts: 1 });
  });

  it('gives places behind those that the process still has to use, and everybody else places behind these', async () => {
    await put(2);
    const first = await claim({ maxEmails: 1, notBeforeMs: 300 });
    expect(first.delayMs).toBeGreaterThan(250);
    expect(first.delayMs).toBeLessThanOrEqual(300);
    expect((await claim()).delayMs).toBeGreaterThan(200);
  });

  it('takes single sends before a batch that came earlier', async () => {
    const batch = await put(3, {}, 10);
    const [single] = await put(1, {}, 0);
    expect((await claim()).emails.map(({ id }) => id)).toEqual([single, ...batch]);
  });

  it('leaves alone what is not due yet', async () => {
    await put(2, { scheduled_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await claim()).toMatchObject({ emails: [], reason: 'empty' });
    expect((await wakeAt())?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });

  it('expires what may not go any more, without counting an attempt', async () => {
    const [id] = await put(1, { expires_in: 1 });
    await database.query(`UPDATE emails SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    expect((await claim()).emails).toEqual([]);
    expect(await statusOf(id)).toMatchObject({ status: 'expired', attempts: 0 });
  });

  it('never claims for a connection that must not send, or with credentials of another epoch', async () => {
    await put(1);
    expect(await claim({ epoch: 2 })).toMatchObject({ emails: [], reason: 'not_sendable' });
    await database.query(`UPDATE connections SET status = 'paused' WHERE id = $1`, [lane.connectionId]);
    expect(await claim()).toMatchObject({ emails: [], reason: 'not_sendable' });
  });

  it('bounds the bytes of a claim, but never starves one large mail', async () => {
    const ids = await put(3, { text: 'x'.repeat(50_000) });
    expect((await claim({ maxBytes: 1_000 })).emails.map(({ id }) => id)).toEqual(ids.slice(0, 1));
    expect((await claim({ maxBytes: 60_000 })).emails.map(({ id }) => id)).toEqual(ids.slice(1, 3));
  });

  it('reserves recipients evenly spaced in the rate of the SES account, across its connections', async () => {
    const slow = await insertLane(database, { rate: 10 });
    const neighbour = await insertLane(database, { sesAccountId: slow.sesAccountId });
    await put(20, {}, 0, slow);
    await put(20, {}, 0, neighbour);
    const first = await claim({}, slow);
    expect(first.emails).toHaveLength(5);
    expect(first.spacingMs).toBeCloseTo(100);
    expect(first.delayMs).toBeLessThanOrEqual(0);
    // The neighbour gets what has come free since (at 10/s: one at the most), then waits.
    const second = await claim({}, neighbour);
    expect(second.emails.length).toBeLessThanOrEqual(1);
    const third = await claim({}, neighbour);
    expect(third).toMatchObject({ emails: [], reason: 'rate' });
    expect(third.waitMs).toBeGreaterThan(0);
  });

  it('lets one mail with more recipients than the rate go, and makes the next pay for it', async () => {
    const slow = await insertLane(database, { rate: 1 });
    await put(2, { to: Array.from({ length: 30 }, (_, index) => `p${index}@example.net`) }, 0, slow);
    expect((await claim({}, slow)).emails).toHaveLength(1);
    const next = await claim({}, slow);
    expect(next.reason).toBe('rate');
    expect(next.waitMs).toBeGreaterThan(25_000);
  });

  it.each([
    ['just asked', 'now()', null, false],
    ['a minute ago', `now() - interval '61 s'`, null, true],
    [
      'while the quota was used up, and still is',
      `now() - interval '10 s'`,
      `now() + interval '10 s'`,
      false,
    ],
    ['before the block ended', `now() - interval '10 s'`, `now() - interval '1 s'`, true],
    ['never', 'NULL', null, true],
  ])('says with the lane whether the quota must be asked for: %s', async (_, checked, blocked, expected) => {
    const lane = await insertLane(database);
    await database.query(
      `UPDATE ses_accounts SET quota_checked_at = ${checked}, quota_blocked_until = ${blocked ?? 'NULL'} WHERE id = $1`,
      [lane.sesAccountId],
    );
    expect((await drain.findLane(lane.connectionId))?.isQuotaOld).toBe(expected);
    expect(await new SystemSesAccountRepository(database).claimQuotaCheck(lane.sesAccountId)).toBe(expected);
  });

  it('stops at the share of the 24-hour quota', async () => {
    const small = await insertLane(database, { quota: 10, share: 0.5 });
    await put(8, {}, 0, small);
    expect((await claim({}, small)).emails).toHaveLength(5);
    expect(await claim({}, small)).toMatchObject({ emails: [], reason: 'quota' });
  });

  it('records a whole claim in one statement and gives the claim back', async () => {
    await put(100);
    const taken = await claim();
    const before = database.counter.statements;
    await records.record(
      lane,
      taken.id,
      taken.emails.map(({ id }) => sent(id)),
      true,
    );
    expect(database.counter.statements - before).toBe(1);
    expect(await statusOf(taken.emails[7]?.id)).toMatchObject({
      status: 'sent',
      ses_message_id: `ses-${taken.emails[7]?.id}`,
      error_name: null,
    });
    expect((await database.query('SELECT 1 FROM claims WHERE id = $1', [taken.id])).rowCount).toBe(0);
    expect(
      (
        await database.query('SELECT 1 FROM attempts WHERE email_id = ANY($1::uuid[])', [
          taken.emails.map(({ id }) => id),
        ])
      ).rowCount,
    ).toBe(100);
  });

  it('sends back for later with the attempt uncounted when it was not the email that failed', async () => {
    const [id] = await put(1);
    const taken = await claim();
    await records.record(
      lane,
      taken.id,
      [
        {
          ...sent(id ?? ''),
          status: 'queued',
          attempt: 'throttled',
          isCounted: false,
          retryInMs: 60_000,
          sesMessageId: undefined,
          errorName: 'TooManyRequestsException',
        },
      ],
      true,
    );
    const row = await statusOf(id);
    expect(row).toMatchObject({ status: 'queued', attempts: 0, error_name: 'TooManyRequestsException' });
    expect((row['due_at'] as Date).getTime()).toBeGreaterThan(Date.now() + 50_000);
  });

  it.each([
    ['at_least_once', 'queued'],
    ['at_most_once', 'uncertain'],
  ])('recovers the claim of a dead worker: %s → %s', async (delivery, status) => {
    lane = await insertLane(database, { delivery });
    const [first, second] = await put(2);
    const taken = await claim({ ttlMs: -1_000 });
    await records.record(lane, taken.id, [sent(first ?? '')], false);
    const recovered = await lanes.recoverExpiredClaims(100);
    expect(recovered.connectionIds).toContain(lane.connectionId);
    expect(await statusOf(first)).toMatchObject({ status: 'sent' });
    expect(await statusOf(second)).toMatchObject({ status, error_name: 'WorkerLost' });
    expect(await wakeAt()).not.toBeNull();
    // The worker was only slow: what SES has accepted is not sent again.
    await records.record(lane, taken.id, [sent(second ?? '')], true);
    expect(await statusOf(second)).toMatchObject({ status: 'sent', error_name: null });
  });

  it('says when an idle lane wants to be woken, and forgets an empty one', async () => {
    await put(1, { scheduled_at: new Date(Date.now() + 60_000).toISOString() });
    const wait = await drain.finishLane(lane.connectionId, 0);
    expect(wait).toBeGreaterThan(50_000);
    await database.query(`UPDATE emails SET status = 'canceled' WHERE connection_id = $1`, [
      lane.connectionId,
    ]);
    expect(await drain.finishLane(lane.connectionId, 0)).toBeUndefined();
    expect(await wakeAt()).toBeNull();
  });

  it('loses no wake-up when a lane ends while mail comes in', async () => {
    for (let round = 0; round < 40; round++) {
      await Promise.all([put(1), drain.finishLane(lane.connectionId, 0), put(1)]);
      expect(await wakeAt()).not.toBeNull();
      await claim();
      await drain.finishLane(lane.connectionId, 0);
    }
  });

  it('gives each due lane to one ticker only', async () => {
    await put(1);
    const given = await Promise.all(Array.from({ length: 5 }, () => lanes.claimDue(1_000)));
    expect(given.flat().filter((id) => id === lane.connectionId)).toHaveLength(1);
  });
});
