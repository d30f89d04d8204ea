import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsFailure, type SesSender } from '#libs/aws';
import type { Config } from '#libs/config';
import type { ReportTrouble, SessionBroker } from '#libs/connections';
import { newId, SystemClock } from '#libs/crypto';
import { Database } from '#libs/database';
import type { JobProducer } from '#libs/queue';
import { FindSuppressed, SuppressionsRepository } from '#libs/suppressions';
import { createLogger, Metrics } from '#libs/telemetry';
import type { HappenedEvent, PublishEvents } from '#libs/webhooks';
import { noListeners, noWatchers } from '../../../../test/support/no-listeners.js';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { until } from '../../../../test/support/until.js';
import { AcceptRepository } from '../accept/accept.repository.js';
import { prepareEmail } from '../accept/prepare-email.js';
import { EmailsRepository } from '../read/emails.repository.js';
import { ReadEmails } from '../read/read-emails.js';
import { DrainLane } from './drain-lane.js';
import { DrainRepository, type Claim, type LaneState } from './drain.repository.js';
import { Failover } from './failover.js';
import { FailoverRepository } from './failover.repository.js';
import type { FollowQuota } from './follow-quota.js';
import { LeaveOutSuppressed } from './leave-out-suppressed.js';
import { RecordRepository } from './record.repository.js';
import { SendTools } from './send-tools.js';
import { SuppressedRepository } from './suppressed.repository.js';
import { SystemSesAccountRepository } from './system-ses-account.repository.js';

interface Sent {
  Destination: { ToAddresses?: string[]; CcAddresses?: string[]; BccAddresses?: string[] };
}

/** The drain with everything real but AWS and the queue. */
describe('mail to suppressed addresses', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let suppressions: SuppressionsRepository;
  let read: ReadEmails;
  let tools: SendTools;
  let drainLane: DrainLane;
  let lane: LaneRows;
  const sent: Sent[] = [];
  const published: HappenedEvent[] = [];
  let failing = 0;

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 8);
    suppressions = new SuppressionsRepository(database);
    const clock = new SystemClock();
    read = new ReadEmails(new EmailsRepository(database), clock);
    const logger = createLogger('silent', 'test');
    const sender = {
      send: (_: unknown, payload: string) => {
        if (failing > 0) {
          failing -= 1;
          return Promise.reject(
            new AwsFailure({
              service: 'ses',
              operation: 'SendEmail',
              code: 'InternalFailure',
              message: 'no',
              httpStatus: 500,
              effect: 'unknown',
            }),
          );
        }
        sent.push(JSON.parse(payload) as Sent);
        return Promise.resolve('ses-1');
      },
    } as unknown as SesSender;
    const sessions = {
      for: () => Promise.resolve({ credentials: {}, region: 'eu-west-1', generation: 1, epoch: 1 }),
    } as unknown as SessionBroker;
    const publish = {
      store: (_: unknown, events: readonly HappenedEvent[]) =>
        Promise.resolve(published.push(...events) > 0 ? [] : []),
      wake: () => undefined,
    } as unknown as PublishEvents;
    const jobs = { add: () => Promise.resolve() } as unknown as JobProducer;
    const metrics = new Metrics('test', false);
    tools = new SendTools(
      { sending: { laneInFlight: 64, sendsInFlight: 64, bytesInFlight: 1e9, claimTtlMs: 60_000 } } as Config,
      new RecordRepository(database, noListeners, noWatchers),
      sessions,
      sender,
      { execute: () => Promise.resolve() } as unknown as ReportTrouble,
      clock,
      logger,
      metrics,
      new LeaveOutSuppressed(
        new FindSuppressed(suppressions),
        new SuppressedRepository(),
        publish,
        database,
        metrics,
      ),
    );
    drainLane = new DrainLane(
      new DrainRepository(database),
      tools,
      new SystemSesAccountRepository(database),
      { execute: () => Promise.resolve(false) } as unknown as FollowQuota,
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
  beforeEach(async () => {
    lane = await insertLane(database, { rate: 10_000 });
    sent.length = 0;
    published.length = 0;
  });

  const put = async (...requests: object[]): Promise<string[]> => {
    const emails = await Promise.all(
      requests.map((fields) =>
        prepareEmail(
          { from: 'a@example.com', to: 'b@example.net', subject: 's', text: 't', ...fields },
          10,
          new Date(),
        ),
      ),
    );
    const { projectId, connectionId } = lane;
    await new AcceptRepository(database, noListeners).commit([
      {
        projectId,
        apiKeyId: undefined,
        emails: emails.map((email) => ({ ...email, connectionId })),
        idempotency: undefined,
        response: {},
      },
    ]);
    return emails.map(({ id }) => id);
  };
  const suppress = (...emails: string[]) =>
    suppressions.add(
      lane.projectId,
      emails.map((email) => ({ email, origin: 'bounce' as const, sourceId: undefined })),
    );
  const drain = async (): Promise<void> => {
    await drainLane.execute(lane.connectionId, new AbortController().signal);
    await drainLane.settled();
  };
  const claimFor = (maxEmails: number): Promise<Claim> =>
    new DrainRepository(database).claim({
      connectionId: lane.connectionId,
      sesAccountId: lane.sesAccountId,
      claimId: newId(),
      workerId: newId(),
      epoch: 1,
      notBeforeMs: 0,
      maxEmails,
      maxBytes: 1e9,
      ttlMs: 60_000,
    });
  const account = async (): Promise<{ sent_since_check: number; claims: number }> => {
    const { rows } = await database.query<{ sent_since_check: number; claims: number }>(
      `SELECT sent_since_check, (SELECT count(*) FROM claims WHERE connection_id = $2) AS claims FROM ses_accounts WHERE id = $1`,
      [lane.sesAccountId, lane.connectionId],
    );
    return rows[0] ?? { sent_since_check: -1, claims: -1 };
  };

  it('is not sent when it goes to nobody else, and says why', async () => {
    await suppress('gone@example.net', 'also@example.net');
    const [whole, other] = await put(
      { to: ['Gone <GONE@example.net>'], bcc: ['also@example.net'] },
      { to: 'well@example.net' },
    );
    await drain();
    expect(sent.map(({ Destination }) => Destination)).toEqual([{ ToAddresses: ['well@example.net'] }]);
    const view = await read.get(lane.projectId, whole ?? '');
    expect(view).toMatchObject({
      status: 'suppressed',
      last_event: 'suppressed',
      attempts: 0,
      to: ['Gone <GONE@example.net>'],
      bcc: ['also@example.net'],
      sent_at: null,
      error: {
        name: 'Suppressed',
        message: expect.stringContaining('suppression list'),
        remedy: expect.any(String),
      },
    });
    expect(view.events.map(({ type, recipient }) => [type, recipient])).toEqual([
      ['queued', null],
      ['suppressed', expect.stringMatching(/^(gone|also)@example.net$/)],
      ['suppressed', expect.stringMatching(/^(gone|also)@example.net$/)],
    ]);
    expect(view.events[1]?.data).toMatchObject({ type: 'Suppressed', reason: 'bounce' });
    expect(await read.get(lane.projectId, other ?? '')).toMatchObject({ status: 'sent' });
    expect(published).toEqual([
      expect.objectContaining({
        projectId: lane.projectId,
        type: 'email.suppressed',
        emailId: whole,
        data: {
          to: ['gone@example.net', 'also@example.net'],
          suppressed: { type: 'Suppressed', message: expect.any(String), reason: 'bounce' },
        },
      }),
    ]);
    expect((await account()).claims).toBe(0);
  });

  it('goes to the others when only some are suppressed', async () => {
    await suppress('gone@example.net');
    const [id] = await put({
      to: ['gone@example.net', 'Well <well@example.net>'],
      cc: ['gone@example.net'],
      bcc: ['c@example.net'],
    });
    await drain();
    expect(sent.map(({ Destination }) => Destination)).toEqual([
      { ToAddresses: ['Well <well@example.net>'], BccAddresses: ['c@example.net'] },
    ]);
    const view = await read.get(lane.projectId, id ?? '');
    expect(view).toMatchObject({
      status: 'sent',
      error: null,
      to: ['gone@example.net', 'Well <well@example.net>'],
    });
    expect(view.events.filter(({ type }) => type === 'suppressed')).toEqual([
      expect.objectContaining({ recipient: 'gone@example.net' }),
    ]);
  });

  it('notes a recipient once, however often the mail is tried', async () => {
    await suppress('gone@example.net');
    const [id] = await put({ to: ['gone@example.net', 'well@example.net'] });
    failing = 1;
    await drain();
    await database.query('UPDATE emails SET due_at = now() WHERE id = $1', [id]);
    await database.query('UPDATE lanes SET rest_until = NULL WHERE connection_id = $1', [lane.connectionId]);
    await drain();
    expect(sent).toHaveLength(1);
    const view = await read.get(lane.projectId, id ?? '');
    expect(view).toMatchObject({ status: 'sent', attempts: 2 });
    expect(view.events.filter(({ type }) => type === 'suppressed')).toHaveLength(1);
    expect(published).toHaveLength(1);
  });

  it('is honoured when the address is suppressed between accept and claim, and sent again once it is removed', async () => {
    await put({ to: 'b@example.net' });
    await suppress('b@example.net');
    await drain();
    expect(sent).toHaveLength(0);
    await suppressions.transaction((sql) =>
      suppressions.remove(lane.projectId, { emails: ['b@example.net'] }, sql),
    );
    await put({ to: 'b@example.net' });
    await drain();
    expect(sent).toHaveLength(1);
  });

  it('of another project is not touched', async () => {
    await suppressions.add((await insertLane(database)).projectId, [
      { email: 'b@example.net', origin: 'manual', sourceId: undefined },
    ]);
    await put({ to: 'b@example.net' });
    await drain();
    expect(sent).toHaveLength(1);
  });

  it('ends no turn when a whole claim goes to nobody, and uses no quota', async () => {
    const addresses = Array.from({ length: 150 }, (_, index) => `gone${index}@example.net`);
    await suppress(...addresses);
    await put(
      ...addresses.map((to) => ({ to })),
      ...Array.from({ length: 10 }, () => ({ to: 'well@example.net' })),
    );
    await drain();
    expect(sent).toHaveLength(10);
    expect(await account()).toMatchObject({ sent_since_check: 10, claims: 0 });
  });

  it.each([
    ['gives back its places in the rate', false, 3],
    ['leaves its places unused when somebody has reserved behind them', true, 0],
  ])('%s', async (_, isBehind, places) => {
    await suppress('gone@example.net', 'also@example.net');
    await put(
      { to: ['gone@example.net', 'also@example.net'] },
      { to: ['gone@example.net', 'well@example.net'] },
    );
    if (isBehind) await put({ to: 'b@example.net' });
    const claim = await claimFor(2);
    if (isBehind) await claimFor(1);
    const slotOf = async (): Promise<string> =>
      (
        await database.query<{ slot: string }>(
          'SELECT next_slot_at::text AS slot FROM ses_accounts WHERE id = $1',
          [lane.sesAccountId],
        )
      ).rows[0]?.slot ?? '';
    const before = await slotOf();
    const going = await tools.suppressed.execute(claim, {
      projectId: lane.projectId,
      sesAccountId: lane.sesAccountId,
    } as LaneState);
    expect(going.map(({ recipients }) => recipients)).toEqual([1]);
    const { rows } = await database.query<{ places: number }>(
      'SELECT round(extract(epoch FROM $1::timestamptz - $2::timestamptz) * 1000 / $3::float8)::int AS places',
      [before, await slotOf(), claim.spacingMs],
    );
    expect(rows[0]?.places).toBe(places);
    expect((await account()).sent_since_check).toBe(isBehind ? 2 : 1);
  });

  it('goes back to its lane when nobody can tell who is suppressed', async () => {
    await suppress('gone@example.net');
    const [id] = await put({ to: 'b@example.net' });
    const { execute } = tools.suppressed;
    tools.suppressed.execute = () => Promise.reject(new Error('database away'));
    await drain();
    tools.suppressed.execute = execute;
    expect(sent).toHaveLength(0);
    expect(await read.get(lane.projectId, id ?? '')).toMatchObject({ status: 'queued', attempts: 0 });
    expect((await account()).claims).toBe(0);
  });

  it.each([
    ['nobody at all', 0, false],
    ['others', 1, false],
    ['every tenth', 50, true],
  ])('costs less than 0.1 statements per email when %s is suppressed', async (_, count, hits) => {
    const to = (index: number) =>
      hits && index % 10 === 0 ? `gone${index / 10}@example.net` : `p${index}@example.net`;
    await put(...Array.from({ length: 500 }, (_, index) => ({ to: to(index) })));
    if (count > 0) await suppress(...Array.from({ length: count }, (_, index) => `gone${index}@example.net`));
    await until('the single mail of an earlier test is over', () =>
      Promise.resolve(!tools.urgentFirst.isHot),
    );
    const before = database.counter.statements;
    await drain();
    const perEmail = (database.counter.statements - before) / 500;
    process.stdout.write(`suppressed: ${count}, statements per email ${perEmail}\n`);
    expect(perEmail).toBeLessThan(0.1);
    expect(sent).toHaveLength(hits ? 450 : 500);
  });

  it('is claimed in a statement that says whether there is anything to look up', async () => {
    await put({}, {});
    expect((await claimFor(1)).hasSuppressions).toBe(false);
    await suppress('gone@example.net');
    expect((await claimFor(1)).hasSuppressions).toBe(true);
  });
});
