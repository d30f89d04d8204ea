import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsFailure, type SesSender } from '#libs/aws';
import type { Config } from '#libs/config';
import type { ReportTrouble, SessionBroker } from '#libs/connections';
import { SystemClock } from '#libs/crypto';
import { Database } from '#libs/database';
import type { JobProducer } from '#libs/queue';
import { createLogger, Metrics } from '#libs/telemetry';
import { noListeners, noWatchers } from '../../../../test/support/no-listeners.js';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { AcceptRepository } from '../accept/accept.repository.js';
import { prepareEmail } from '../accept/prepare-email.js';
import { DrainLane } from './drain-lane.js';
import { DrainRepository } from './drain.repository.js';
import { Failover } from './failover.js';
import { FailoverRepository } from './failover.repository.js';
import type { FollowQuota } from './follow-quota.js';
import { RecordRepository } from './record.repository.js';
import { SendTools } from './send-tools.js';
import { SystemSesAccountRepository } from './system-ses-account.repository.js';

/** The drain with everything real but AWS and the queue. */
describe('draining a lane', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let accept: AcceptRepository;
  let tools: SendTools;
  let drainLane: DrainLane;
  let calls = 0;
  let answer: (payload: string) => Promise<string> = () => Promise.resolve('ses-1');
  const stopping = new AbortController();

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 8);
    accept = new AcceptRepository(database, noListeners);
    const sending = {
      laneInFlight: 64,
      sendsInFlight: 64,
      bytesInFlight: 1e9,
      claimTtlMs: 60_000,
    } as Config['sending'];
    const logger = createLogger('silent', 'test');
    const sender = {
      send: (_: unknown, payload: string) => {
        calls += 1;
        return answer(payload);
      },
    } as unknown as SesSender;
    const sessions = {
      for: () => Promise.resolve({ credentials: {}, region: 'eu-west-1', generation: 1, epoch: 1 }),
    } as unknown as SessionBroker;
    const jobs = { add: () => Promise.resolve() } as unknown as JobProducer;
    const trouble = { execute: () => Promise.resolve() } as unknown as ReportTrouble;
    const quota = { execute: () => Promise.resolve(false) } as unknown as FollowQuota;
    tools = new SendTools(
      { sending } as Config,
      new RecordRepository(database, noListeners, noWatchers),
      sessions,
      sender,
      trouble,
      new SystemClock(),
      logger,
      new Metrics('test', false),
      { execute: ({ emails }) => Promise.resolve(emails) },
    );
    drainLane = new DrainLane(
      new DrainRepository(database),
      tools,
      new SystemSesAccountRepository(database),
      quota,
      sessions,
      new Failover(new FailoverRepository(database), jobs, logger),
      jobs,
      logger,
    );
  }, 60_000);
  afterAll(async () => {
    tools?.onApplicationShutdown();
    await database?.close();
    await server?.drop();
  });

  const put = async (lane: LaneRows, count: number): Promise<void> => {
    for (let done = 0; done < count; done += 100) {
      const emails = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          prepareEmail(
            {
              from: 'a@example.com',
              to: [`p${done + index}@example.net`],
              subject: 's',
              html: 'x'.repeat(5_000),
            },
            10,
            new Date(),
          ),
        ),
      );
      await accept.commit([
        {
          projectId: lane.projectId,
          apiKeyId: undefined,
          emails: emails.map((email) => ({ ...email, connectionId: lane.connectionId })),
          idempotency: undefined,
          response: {},
        },
      ]);
    }
  };
  const countOf = async (lane: LaneRows, status: string): Promise<number> =>
    (
      await database.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM emails WHERE connection_id = $1 AND status = $2',
        [lane.connectionId, status],
      )
    ).rows[0]?.count ?? 0;
  const drain = async (lane: LaneRows, count: number): Promise<void> => {
    for (let turns = 0; turns < 20; turns++) {
      await drainLane.execute(lane.connectionId, stopping.signal);
      await drainLane.settled();
      if ((await countOf(lane, 'sent')) === count) return;
    }
  };

  it('accepts a batch of 100 and drains 2 000 emails with less than 0.1 SQL statements per email', async () => {
    const lane = await insertLane(database, { rate: 1_000_000 });
    const before = database.counter.statements;
    await put(lane, 2_000);
    const accepted = (database.counter.statements - before) / 2_000;
    const start = database.counter.statements;
    await drain(lane, 2_000);
    const drained = (database.counter.statements - start) / 2_000;
    process.stderr.write(`statements per email: ${accepted} on batch accept, ${drained} on drain\n`);
    expect(await countOf(lane, 'sent')).toBe(2_000);
    expect(accepted).toBeLessThan(0.1);
    expect(drained).toBeLessThan(0.1);
  });

  it('lets a backlog make few calls at once, in small claims, while single mails flow', async () => {
    const lane = await insertLane(database, { rate: 1_000_000 });
    await put(lane, 200);
    let inFlight = 0;
    let most = 0;
    answer = async () => {
      most = Math.max(most, (inFlight += 1));
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return 'ses-1';
    };
    expect(tools.emailsPerClaim(false)).toBe(100);
    const isOver = tools.urgentFirst.begin();
    try {
      expect(tools.emailsPerClaim(false)).toBe(25);
      // SES's rate spaces this one: it is in nobody's way.
      expect(tools.emailsPerClaim(true)).toBe(100);
      await drain(lane, 200);
    } finally {
      isOver('nothing');
      answer = () => Promise.resolve('ses-1');
    }
    expect(await countOf(lane, 'sent')).toBe(200);
    expect(most).toBe(8);
  });

  it('leaves nothing behind on the signal that lives as long as the process', async () => {
    const lane = await insertLane(database, { rate: 1_000_000 });
    const ending = new AbortController();
    for (let turn = 0; turn < 3; turn++) {
      await put(lane, 100);
      await drainLane.execute(lane.connectionId, ending.signal);
      await drainLane.settled();
    }
    expect(await countOf(lane, 'sent')).toBe(300);
    expect(getEventListeners(ending.signal, 'abort')).toEqual([]);
  });

  it('hands back what has not left when the process is to end, without an attempt', async () => {
    const lane = await insertLane(database, { rate: 1_000_000 });
    await put(lane, 100);
    const ending = new AbortController();
    answer = () => {
      ending.abort();
      return Promise.resolve('ses-1');
    };
    await drainLane.execute(lane.connectionId, ending.signal);
    await drainLane.settled();
    answer = () => Promise.resolve('ses-1');
    const sent = await countOf(lane, 'sent');
    expect(sent).toBeGreaterThan(0);
    expect(sent + (await countOf(lane, 'queued'))).toBe(100);
    expect(await countOf(lane, 'sending')).toBe(0);
  });

  it('rests when SES is not there, and asks with a single mail whether it is back', async () => {
    const lane = await insertLane(database, { rate: 1_000_000 });
    await put(lane, 300);
    answer = () =>
      Promise.reject(
        new AwsFailure({
          service: 'ses',
          operation: 'SendEmail',
          code: 'NetworkError',
          message: 'ECONNREFUSED',
          effect: 'no',
        }),
      );
    await drainLane.execute(lane.connectionId, stopping.signal);
    await drainLane.settled();
    const row = async () =>
      (
        await database.query<{ trouble: number; resting: boolean }>(
          'SELECT trouble, rest_until > now() AS resting FROM lanes WHERE connection_id = $1',
          [lane.connectionId],
        )
      ).rows[0];
    expect(await row()).toEqual({ trouble: 1, resting: true });
    const tried = calls;
    await drainLane.execute(lane.connectionId, stopping.signal);
    expect(calls).toBe(tried);
    await database.query(`UPDATE lanes SET rest_until = now() WHERE connection_id = $1`, [lane.connectionId]);
    await drainLane.execute(lane.connectionId, stopping.signal);
    expect(calls).toBe(tried + 1);
    expect(await row()).toEqual({ trouble: 2, resting: true });
    answer = () => Promise.resolve('ses-1');
    await database.query(`UPDATE lanes SET rest_until = now() WHERE connection_id = $1`, [lane.connectionId]);
    await database.query(`UPDATE emails SET due_at = now() WHERE connection_id = $1 AND status = 'queued'`, [
      lane.connectionId,
    ]);
    await drain(lane, 300);
    expect(await countOf(lane, 'sent')).toBe(300);
    expect((await row())?.trouble).toBe(0);
  });
});
