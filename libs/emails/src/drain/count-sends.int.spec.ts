import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';
import type { EmailHappening } from '#libs/live';
import { noListeners } from '../../../../test/support/no-listeners.js';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { AcceptRepository } from '../accept/accept.repository.js';
import { prepareEmail } from '../accept/prepare-email.js';
import { DrainRepository } from './drain.repository.js';
import type { Outcome } from './outcome.js';
import { RecordRepository } from './record.repository.js';

describe('counting sends', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;
  let lane: LaneRows;
  const told: [string, readonly EmailHappening[]][] = [];

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  }, 30_000);
  beforeEach(async () => {
    lane = await insertLane(database, { rate: 1_000_000 });
    told.length = 0;
  });

  /** Accepts and claims emails. @returns the claim and the emails' ids */
  const claim = async (...fields: object[]) => {
    const emails = await Promise.all(
      fields.map((one) =>
        prepareEmail(
          { from: 'a@example.com', to: ['p@example.net'], subject: 's', text: 't', ...one },
          0,
          new Date(),
        ),
      ),
    );
    await new AcceptRepository(database, noListeners).commit([
      {
        projectId: lane.projectId,
        apiKeyId: undefined,
        emails: emails.map((email) => ({ ...email, connectionId: lane.connectionId })),
        idempotency: undefined,
        response: {},
      },
    ]);
    const claimId = newId();
    await new DrainRepository(database).claim({
      connectionId: lane.connectionId,
      claimId,
      workerId: newId(),
      epoch: 1,
      sesAccountId: lane.sesAccountId,
      notBeforeMs: 0,
      maxEmails: 200,
      maxBytes: 1e9,
      ttlMs: 60_000,
    });
    return { claimId, ids: emails.map(({ id }) => id) };
  };
  const outcome = (emailId: string, status: Outcome['status']): Outcome => ({
    emailId,
    status,
    attempt: status === 'queued' ? 'retry' : status,
    isCounted: true,
    retryInMs: 60_000,
    sesMessageId: status === 'sent' ? `ses-${emailId}` : undefined,
    errorName: undefined,
    errorMessage: undefined,
    errorRemedy: undefined,
    startedAt: new Date(),
    durationMs: 1,
  });
  const record = async (
    claimId: string,
    outcomes: Outcome[],
    listeners: typeof noListeners = noListeners,
  ) => {
    const live = {
      add: (projectId: string, happenings: readonly EmailHappening[]) =>
        void told.push([projectId, happenings]),
    };
    await new RecordRepository(database, listeners, live).record(lane, claimId, outcomes, false);
  };
  const counted = async () => {
    const { rows } = await database.query<{ key: string; value: number }>(
      `SELECT concat_ws(' ', metric, domain, nullif(tag_name, ''), nullif(tag_value, '')) AS key, sum(value)::bigint AS value
       FROM metric_deltas WHERE project_id = $1 AND connection_id = $2 AND hour = date_trunc('hour', hour, 'UTC') AND hour <= now()
       GROUP BY 1`,
      [lane.projectId, lane.connectionId],
    );
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  };

  it('counts what SES took and what it refused, by domain of From and by tag', async () => {
    const tags = [
      { name: 'kind', value: 'welcome' },
      { name: 'list', value: 'a' },
    ];
    const { claimId, ids } = await claim(
      { to: ['a@example.net', 'b@example.net'], cc: ['c@example.net'], tags },
      { from: 'Other <x@Mail.Example.org>', tags: tags.slice(0, 1) },
      {},
      {},
      {},
    );
    const statuses = ['sent', 'sent', 'failed', 'queued', 'uncertain'] as const;
    await record(
      claimId,
      ids.map((id, index) => outcome(id, statuses[index] ?? 'sent')),
    );
    expect(await counted()).toEqual({
      'sent example.com': 1,
      'recipients example.com': 3,
      'sent example.com kind welcome': 1,
      'recipients example.com kind welcome': 3,
      'sent example.com list a': 1,
      'recipients example.com list a': 3,
      'sent mail.example.org': 1,
      'recipients mail.example.org': 1,
      'sent mail.example.org kind welcome': 1,
      'recipients mail.example.org kind welcome': 1,
      'failed example.com': 1,
    });
    expect(told).toEqual([
      [lane.projectId, ids.map((id, index) => ({ id, event: statuses[index] ?? 'sent' }))],
    ]);
  });

  it('counts each mail once, however often its outcome is written', async () => {
    const { claimId, ids } = await claim({}, {});
    const outcomes = ids.map((id) => outcome(id, 'sent'));
    await record(claimId, outcomes);
    await record(claimId, outcomes);
    expect(await counted()).toEqual({ 'sent example.com': 2, 'recipients example.com': 2 });
  });

  it('does the same in the statement that publishes', async () => {
    const { claimId, ids } = await claim({}, {});
    await record(
      claimId,
      ids.map((id) => outcome(id, 'sent')),
      { ...noListeners, isHeard: () => true },
    );
    expect(await counted()).toEqual({ 'sent example.com': 2, 'recipients example.com': 2 });
  });

  it('writes one row for many mails', async () => {
    const { claimId, ids } = await claim(...Array.from({ length: 100 }, () => ({})));
    await record(
      claimId,
      ids.map((id) => outcome(id, 'sent')),
    );
    const { rowCount } = await database.query('SELECT 1 FROM metric_deltas WHERE project_id = $1', [
      lane.projectId,
    ]);
    expect(rowCount).toBe(2);
    expect(await counted()).toEqual({ 'sent example.com': 100, 'recipients example.com': 100 });
  });

  it('leaves out mail to the mailbox simulator', async () => {
    const { claimId, ids } = await claim({ to: ['Success@Simulator.Amazonses.com'] });
    await record(
      claimId,
      ids.map((id) => outcome(id, 'sent')),
    );
    expect(await counted()).toEqual({});
  });
});
