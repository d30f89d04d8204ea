import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { freshDatabase } from '../../../../test/support/stores.js';
import { EventLab } from '../../../../test/support/event-lab.js';
import {
  bounce,
  click,
  complaint,
  delay,
  delivery,
  open,
  send,
  type MailFields,
} from '../../../../test/support/ses-records.js';

/** What happened to some mails, each told once and in order. */
function story(emailIds: readonly string[], timestamp: string): object[] {
  const mail = (index: number, fields: MailFields = {}): MailFields => ({
    emailId: emailIds[index] ?? '',
    messageId: `m-${index}`,
    timestamp,
    ...fields,
  });
  const two = { destination: ['a@example.net', 'b@example.net'] };
  return [
    send(mail(0)),
    delivery(mail(0)),
    open(mail(0)),
    click(mail(0)),
    click(mail(0), 'https://example.com/b'),
    send(mail(1)),
    delay(mail(1)),
    delivery(mail(1)),
    bounce(mail(1), { ms: 90_000 }),
    send(mail(2, two)),
    delivery(mail(2, two), ['a@example.net']),
    bounce(mail(2, two), { recipients: ['b@example.net'], type: 'Transient' }),
    send(mail(3)),
    delivery(mail(3)),
    complaint(mail(3, { destination: ['angry@example.net'] })),
    bounce(mail(4, { destination: ['held@example.net'] }), { subType: 'OnAccountSuppressionList' }),
    send(mail(5)),
  ];
}
/** Mulberry32: the same numbers in [0, 1) for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const EMAILS = 6;
const statuses = ['delivered', 'bounced', 'delivered', 'complained', 'suppressed', 'sent'];

describe('events that come late, twice and in any order', () => {
  let lab: EventLab;

  beforeAll(async () => {
    lab = await EventLab.start(await freshDatabase());
  }, 60_000);
  afterAll(() => lab?.stop(), 30_000);

  /** Everything that a tenant can see afterwards, without ids and times of ours. */
  const outcome = async (arrange: (records: object[]) => object[][]) => {
    const lane = await lab.lane();
    await lab.listen(lane.projectId, [
      'email.delivered',
      'email.bounced',
      'email.sent',
      'email.clicked',
      'suppression.added',
    ]);
    const emailIds: string[] = [];
    for (let index = 0; index < EMAILS; index++) emailIds.push(await lab.email(lane, { status: 'sending' }));
    for (const set of arrange(story(emailIds, timestamp))) await lab.fold(lane, set);
    const states = await Promise.all(emailIds.map((id) => lab.state(id)));
    const events = await Promise.all(emailIds.map((id) => lab.events(id)));
    const hours = await lab.database.query<object>(
      'SELECT hour, recipients, bounced, complained FROM reputation_hours WHERE connection_id = $1 ORDER BY hour',
      [lane.connectionId],
    );
    return {
      states,
      events,
      hours: hours.rows,
      suppressed: await lab.suppressed(lane.projectId),
      webhooks: (await lab.webhooks(lane.projectId))
        .map(
          ({ type, data }) =>
            `${type} ${emailIds.indexOf(String(data['email_id']))} ${JSON.stringify(data['to'] ?? data['email'])}`,
        )
        .sort(),
      left: await lab.count('event_inbox', lane.connectionId),
    };
  };
  const timestamp = new Date(Date.now() - 7_200_000).toISOString();

  it('lead to the same as events in order', async () => {
    const expected = await outcome((records) => [records]);
    expect(expected.states.map(({ status }) => status)).toEqual(statuses);
    expect(expected.webhooks).toHaveLength(6 + 4 + 2 + 2 + 3);
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = randomFrom(seed);
        const found = await outcome((records) => {
          // A fifth comes twice, all of it in any order, in sets of any size.
          const told = records.flatMap((record) => (random() < 0.2 ? [record, record] : [record]));
          const shuffled = told
            .map((record) => ({ record, place: random() }))
            .sort((a, b) => a.place - b.place)
            .map(({ record }) => record);
          const sets: object[][] = [];
          while (shuffled.length > 0) sets.push(shuffled.splice(0, 1 + Math.floor(random() * 8)));
          return sets;
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('are counted once when two folds of a connection run at the same time', async () => {
    const lane = await lab.lane();
    const emailIds = await Promise.all(Array.from({ length: 60 }, () => lab.email(lane)));
    const records = emailIds.flatMap((emailId, index) => {
      const record = delivery({ emailId, messageId: `c-${index}`, timestamp });
      return [record, record, record];
    });
    await lab.put(lane.connectionId, records);
    await Promise.all([
      lab.runFold(lane.connectionId),
      lab.runFold(lane.connectionId),
      lab.runFold(lane.connectionId),
    ]);
    await lab.database.query('UPDATE event_inbox SET due_at = now()');
    await lab.runFold(lane.connectionId);
    const { rows } = await lab.database.query<{ recipients: number }>(
      'SELECT sum(recipients)::int AS recipients FROM reputation_hours WHERE connection_id = $1',
      [lane.connectionId],
    );
    expect(rows[0]?.recipients).toBe(60);
    expect(await lab.count('event_inbox', lane.connectionId)).toBe(0);
  });
});
