import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';
import { noListeners, noWatchers } from '../../../../test/support/no-listeners.js';
import { insertLane, type LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { AcceptRepository } from '../accept/accept.repository.js';
import { prepareEmail } from '../accept/prepare-email.js';
import { EmailsRepository } from '../read/emails.repository.js';
import { DrainRepository } from './drain.repository.js';
import type { Outcome } from './outcome.js';
import { RecordRepository } from './record.repository.js';
import { SuppressedRepository } from './suppressed.repository.js';
import { SystemLanesRepository } from './system-lanes.repository.js';

type Status =
  'queued' | 'scheduled' | 'sending' | 'sent' | 'failed' | 'uncertain' | 'canceled' | 'suppressed';

/** What must be true, held beside what is in the database. */
interface Model {
  emails: Map<string, Status>;
  /** Claims that a worker holds: id → its emails. */
  claims: Map<string, string[]>;
}

interface Real {
  database: Database;
  lane: LaneRows;
  accept: AcceptRepository;
  drain: DrainRepository;
  records: RecordRepository;
  suppressed: SuppressedRepository;
  lanes: SystemLanesRepository;
  emails: EmailsRepository;
}

type Command = fc.AsyncCommand<Model, Real>;

const command = (
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, real: Real) => Promise<void>,
): Command => ({
  check,
  run: async (model, real) => {
    await run(model, real);
    await expectAlike(model, real);
  },
  toString: () => name,
});

/** Every email is in exactly one state, the one the model says; nothing is gone and nothing is there that was not accepted. */
async function expectAlike(model: Model, { database, lane }: Real): Promise<void> {
  const { rows } = await database.query<{ id: string; status: string }>(
    'SELECT id, status FROM emails WHERE connection_id = $1 ORDER BY id',
    [lane.connectionId],
  );
  expect(rows.map(({ id, status }) => [id, status])).toEqual(
    [...model.emails].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const { rows: wake } = await database.query<{ wake_at: Date | null }>(
    'SELECT wake_at FROM lanes WHERE connection_id = $1',
    [lane.connectionId],
  );
  // A lane that has mail to send is never forgotten.
  if ([...model.emails.values()].some((status) => status === 'queued'))
    expect(wake[0]?.wake_at).not.toBeNull();
}

const outcome = (emailId: string, status: Outcome['status']): Outcome => ({
  emailId,
  status,
  attempt: status === 'queued' ? 'retry' : status,
  isCounted: true,
  retryInMs: 0,
  sesMessageId: status === 'sent' ? 'ses' : undefined,
  errorName: undefined,
  errorMessage: undefined,
  errorRemedy: undefined,
  startedAt: new Date(),
  durationMs: 1,
});

const accept = (count: number, isScheduled: boolean): Command =>
  command(
    `accept ${count}${isScheduled ? ' for later' : ''}`,
    () => true,
    async (model, real) => {
      const at = isScheduled ? { scheduled_at: new Date(Date.now() + 3_600_000).toISOString() } : {};
      const emails = await Promise.all(
        Array.from({ length: count }, () =>
          prepareEmail(
            { from: 'a@example.com', to: 'b@example.net', subject: 's', text: 't', ...at },
            0,
            new Date(),
          ),
        ),
      );
      const { projectId, connectionId } = real.lane;
      await real.accept.commit([
        {
          projectId,
          apiKeyId: undefined,
          emails: emails.map((email) => ({ ...email, connectionId })),
          idempotency: undefined,
          response: {},
        },
      ]);
      for (const { id } of emails) model.emails.set(id, isScheduled ? 'scheduled' : 'queued');
    },
  );

const claim = (maxEmails: number, isShort: boolean): Command =>
  command(
    `claim ${maxEmails}${isShort ? ', then die' : ''}`,
    () => true,
    async (model, real) => {
      const { connectionId, sesAccountId } = real.lane;
      const taken = await real.drain.claim({
        connectionId,
        sesAccountId,
        claimId: newId(),
        workerId: newId(),
        epoch: 1,
        notBeforeMs: 0,
        maxEmails,
        maxBytes: 1e9,
        ttlMs: isShort ? -1_000 : 60_000,
      });
      const ids = taken.emails.map(({ id }) => id);
      // Nobody else has them, and all of them could go.
      for (const id of ids) expect(model.emails.get(id)).toBe('queued');
      for (const id of ids) model.emails.set(id, 'sending');
      if (ids.length > 0) model.claims.set(taken.id, ids);
    },
  );

const record = (statuses: readonly Outcome['status'][]): Command =>
  command(
    `record ${statuses.join()}`,
    (model) => model.claims.size > 0,
    async (model, real) => {
      const [claimId, ids] = [...model.claims][0] ?? ['', []];
      const outcomes = ids.map((id, index) => outcome(id, statuses[index % statuses.length] ?? 'sent'));
      await real.records.record(real.lane, claimId, outcomes, true);
      model.claims.delete(claimId);
      for (const { emailId, status } of outcomes) {
        const before = model.emails.get(emailId);
        // A late answer counts only when it says "sent", and nobody has the email.
        if (before === 'sending') model.emails.set(emailId, status);
        else if (status === 'sent' && (before === 'queued' || before === 'uncertain'))
          model.emails.set(emailId, 'sent');
      }
    },
  );

/** The first mail of a claim turns out to go to nobody. */
const suppress: Command = command(
  'suppress one that is claimed',
  (model) => model.claims.size > 0,
  async (model, real) => {
    const [claimId, [id = '']] = [...model.claims][0] ?? ['', []];
    const { rowCount: isOurs } = await real.database.query(
      `SELECT 1 FROM emails WHERE id = $1 AND claim_id = $2 AND status = 'sending'`,
      [id, claimId],
    );
    await real.database.transaction((sql) =>
      real.suppressed.write(sql, {
        claimId,
        sesAccountId: real.lane.sesAccountId,
        recipients: 1,
        spacingMs: 1,
        reservedUntil: undefined,
        endedIds: [id],
        events: [],
      }),
    );
    if (isOurs > 0) model.emails.set(id, 'suppressed');
  },
);

const recover = (delivery: string): Command =>
  command(
    'recover the claims of the dead',
    () => true,
    async (model, real) => {
      const { rows } = await real.database.query<{ id: string; email_ids: string[] }>(
        'SELECT id, email_ids FROM claims WHERE connection_id = $1 AND expires_at < now()',
        [real.lane.connectionId],
      );
      await real.lanes.recoverExpiredClaims(100);
      for (const id of rows.flatMap((row) => row.email_ids)) {
        if (model.emails.get(id) === 'sending')
          model.emails.set(id, delivery === 'at_most_once' ? 'uncertain' : 'queued');
      }
    },
  );

const finish: Command = command(
  'end a turn',
  () => true,
  async (_, real) => {
    await real.drain.finishLane(real.lane.connectionId, 0);
  },
);

const person = (kind: 'cancel' | 'resend' | 'move', pick: number): Command =>
  command(
    `${kind} one`,
    (model) => model.emails.size > 0,
    async (model, real) => {
      const id = [...model.emails.keys()][pick % model.emails.size] ?? '';
      const status = model.emails.get(id);
      const { projectId } = real.lane;
      if (kind === 'cancel') {
        expect(await real.emails.cancel(projectId, id)).toBe(status === 'scheduled');
        if (status === 'scheduled') model.emails.set(id, 'canceled');
      } else if (kind === 'resend') {
        const isOver = status === 'failed' || status === 'uncertain';
        expect((await real.emails.requeue(projectId, id, new Date(Date.now() - 1_000))) !== undefined).toBe(
          isOver,
        );
        if (isOver) model.emails.set(id, 'queued');
      } else {
        const moved = await real.emails.reschedule(projectId, id, new Date(Date.now() + 7_200_000));
        expect(moved !== undefined).toBe(status === 'scheduled');
      }
    },
  );

describe('the states of an email, whatever happens in whatever order', () => {
  let server: { url: string; drop(): Promise<void> };
  let database: Database;

  beforeAll(async () => {
    server = await freshDatabase();
    database = new Database(server.url, 4);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.drop();
  });

  it.each(['at_least_once', 'at_most_once'])(
    '%s: no email is lost, doubled or taken back from its end',
    async (delivery) => {
      const statuses = fc.array(
        fc.constantFrom<Outcome['status'][]>('sent', 'queued', 'failed', 'uncertain'),
        { minLength: 1, maxLength: 4 },
      );
      const commands = fc.commands(
        [
          fc
            .tuple(fc.integer({ min: 1, max: 4 }), fc.boolean())
            .map(([count, later]) => accept(count, later)),
          fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean()).map(([count, dies]) => claim(count, dies)),
          statuses.map(record),
          fc.constant(recover(delivery)),
          fc.constant(finish),
          fc.constant(suppress),
          fc
            .tuple(fc.constantFrom('cancel' as const, 'resend' as const, 'move' as const), fc.nat(50))
            .map(([kind, pick]) => person(kind, pick)),
        ],
        { maxCommands: 40 },
      );
      await fc.assert(
        fc.asyncProperty(commands, async (sequence) => {
          const lane = await insertLane(database, { rate: 1_000_000, delivery });
          const real: Real = {
            database,
            lane,
            accept: new AcceptRepository(database, noListeners),
            drain: new DrainRepository(database),
            records: new RecordRepository(database, noListeners, noWatchers),
            suppressed: new SuppressedRepository(),
            lanes: new SystemLanesRepository(database),
            emails: new EmailsRepository(database),
          };
          await fc.asyncModelRun(() => ({ model: { emails: new Map(), claims: new Map() }, real }), sequence);
        }),
        { numRuns: 60 },
      );
    },
    120_000,
  );
});
