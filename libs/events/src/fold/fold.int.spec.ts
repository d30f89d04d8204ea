import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LaneRows } from '../../../../test/support/rows.js';
import { freshDatabase } from '../../../../test/support/stores.js';
import { EventLab } from '../../../../test/support/event-lab.js';
import {
  bounce,
  click,
  complaint,
  delay,
  delivery,
  open,
  reject,
  renderingFailure,
  send,
} from '../../../../test/support/ses-records.js';

describe('folding events', () => {
  let lab: EventLab;
  let lane: LaneRows;
  const timestamp = new Date(Date.now() - 3_600_000).toISOString();

  beforeAll(async () => {
    lab = await EventLab.start(await freshDatabase());
  }, 60_000);
  afterAll(() => lab?.stop(), 30_000);
  beforeEach(async () => {
    lane = await lab.lane();
  });

  it.each([
    ['a delivery', delivery, 'delivered'],
    ['a delay', delay, 'delivery_delayed'],
    ['a bounce', bounce, 'bounced'],
    ['a complaint', complaint, 'complained'],
    ['a rejection', reject, 'failed'],
    ['a rendering failure', renderingFailure, 'failed'],
    ['a send', send, 'sent'],
    ['an open', open, 'sent'],
  ])('shows %s', async (_, record, status) => {
    const emailId = await lab.email(lane);
    await lab.fold(lane, [record({ emailId, timestamp })]);
    expect(await lab.statusOf(emailId)).toBe(status);
    expect(await lab.count('event_inbox', lane.connectionId)).toBe(0);
  });

  it('settles mail whose answer was lost, and tells of it', async () => {
    await lab.listen(lane.projectId, ['email.sent', 'email.delivered']);
    const [uncertain, sending, again] = [
      await lab.email(lane, { status: 'uncertain' }),
      await lab.email(lane, { status: 'sending' }),
      await lab.email(lane, { status: 'queued' }),
    ];
    await lab.fold(lane, [
      send({ emailId: uncertain, messageId: 'm-1', timestamp }),
      delivery({ emailId: sending, messageId: 'm-2', timestamp }),
      send({ emailId: again, messageId: 'm-3', timestamp }),
    ]);
    expect(await lab.state(uncertain)).toMatchObject({
      status: 'sent',
      sesMessageId: 'm-1',
      sentAt: new Date(timestamp),
    });
    expect(await lab.state(sending)).toMatchObject({ status: 'delivered', sesMessageId: 'm-2' });
    expect(await lab.state(again)).toMatchObject({ status: 'sent', sesMessageId: 'm-3' });
    const told = await lab.webhooks(lane.projectId);
    expect(told.map(({ type, data }) => [type, data['email_id']])).toEqual([
      ['email.sent', uncertain],
      ['email.sent', sending],
      ['email.sent', again],
      ['email.delivered', sending],
    ]);
    expect(told[0]?.data['message_id']).toBe('<m-1@eu-west-1.amazonses.com>');
  });

  it('keeps what people did with a mail apart from its status', async () => {
    const emailId = await lab.email(lane);
    await lab.fold(lane, [
      click({ emailId, timestamp }),
      delivery({ emailId, timestamp }),
      open({ emailId, timestamp }),
    ]);
    expect(await lab.state(emailId)).toMatchObject({ status: 'delivered', engagement: 2 });
  });

  it('does not take a machine for a person', async () => {
    const emailId = await lab.email(lane);
    await lab.fold(lane, [open({ emailId, timestamp }, 'Mozilla/5.0')]);
    expect(await lab.state(emailId)).toMatchObject({ engagement: 0 });
    expect(await lab.events(emailId)).toMatchObject([{ type: 'opened', data: { machine: true } }]);
  });

  it('suppresses hard bounces and complaints at once, and tells of it', async () => {
    await lab.listen(lane.projectId, ['email.bounced', 'email.complained', 'suppression.added']);
    const [hard, annoyed] = [
      await lab.email(lane, { to: ['gone@example.net'] }),
      await lab.email(lane, { to: ['annoyed@example.net'] }),
    ];
    await lab.fold(lane, [
      bounce({ emailId: hard, destination: ['Gone@Example.net'], timestamp }),
      complaint({ emailId: annoyed, destination: ['annoyed@example.net'], timestamp }),
    ]);
    expect(await lab.suppressed(lane.projectId)).toEqual({
      'gone@example.net': 'bounce',
      'annoyed@example.net': 'complaint',
    });
    const told = await lab.webhooks(lane.projectId);
    expect(told.map(({ type }) => type)).toEqual([
      'email.bounced',
      'email.complained',
      'suppression.added',
      'suppression.added',
    ]);
    expect(told[0]?.data).toMatchObject({
      email_id: hard,
      to: ['gone@example.net'],
      subject: 'Hello',
      tags: { kind: 'otp' },
      bounce: { type: 'Permanent', subType: 'General', diagnosticCode: ['smtp; 550 5.1.1 user unknown'] },
    });
    expect(told.slice(2).map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ email: 'gone@example.net', origin: 'bounce', source_id: hard }),
    );
  });

  it('neither suppresses nor counts what the mailbox simulator does, but shows it', async () => {
    const emailId = await lab.email(lane, { to: ['bounce+1@simulator.amazonses.com'] });
    await lab.fold(lane, [bounce({ emailId, destination: ['bounce+1@simulator.amazonses.com'], timestamp })]);
    expect(await lab.statusOf(emailId)).toBe('bounced');
    expect(await lab.suppressed(lane.projectId)).toEqual({});
    expect(await lab.count('reputation_hours', lane.connectionId)).toBe(0);
  });

  it('mirrors what a list of the account held back, without counting it', async () => {
    const emailId = await lab.email(lane);
    await lab.fold(lane, [bounce({ emailId, timestamp }, { subType: 'OnAccountSuppressionList' })]);
    expect(await lab.statusOf(emailId)).toBe('suppressed');
    expect(await lab.suppressed(lane.projectId)).toEqual({ 'to@example.net': 'bounce' });
    expect(await lab.count('reputation_hours', lane.connectionId)).toBe(0);
  });

  it('does not take a rescue from the junk folder for a complaint', async () => {
    const emailId = await lab.email(lane);
    await lab.fold(lane, [complaint({ emailId, timestamp }, { feedbackType: 'not-spam' })]);
    expect(await lab.statusOf(emailId)).toBe('sent');
    expect(await lab.suppressed(lane.projectId)).toEqual({});
  });

  it('suppresses an address after some temporary failures, but not for automatic answers', async () => {
    const fail = async (messageId: string, more: (mail: object) => object[] = () => []) => {
      const emailId = await lab.email(lane);
      const mail = { emailId, messageId, timestamp };
      await lab.fold(lane, [
        bounce(mail, { type: 'Transient', subType: 'MailboxFull', feedbackId: messageId }),
        ...more(mail),
      ]);
    };
    for (const index of [1, 2, 3, 4]) await fail(`m-${index}`);
    await fail('answered', (mail) => [delivery(mail)]);
    expect(await lab.suppressed(lane.projectId)).toEqual({});
    await fail('m-5');
    expect(await lab.suppressed(lane.projectId)).toEqual({ 'to@example.net': 'bounce' });
  });

  it("leaves another tenant's mail alone, and counts the attempt", async () => {
    const stranger = await lab.lane();
    const emailId = await lab.email(stranger);
    await lab.database.query(
      `INSERT INTO feedback_sources (connection_id, project_id, mode, region) VALUES ($1, $2, 'sns', 'eu-west-1')`,
      [lane.connectionId, lane.projectId],
    );
    await lab.fold(lane, [bounce({ emailId, timestamp }), delivery({ timestamp })]);
    expect(await lab.statusOf(emailId)).toBe('sent');
    expect(await lab.events(emailId)).toEqual([]);
    expect(await lab.suppressed(stranger.projectId)).toEqual({});
    expect(await lab.suppressed(lane.projectId)).toEqual({});
    const { rows } = await lab.database.query<{ foreign_events: number }>(
      'SELECT foreign_events FROM feedback_sources WHERE connection_id = $1',
      [lane.connectionId],
    );
    expect(rows[0]?.foreign_events).toBe(2);
  });

  it('sets aside what it cannot read, and folds the rest', async () => {
    const emailId = await lab.email(lane);
    await lab.fold(lane, [
      'not JSON',
      { hello: 'world' },
      { eventType: 'Bounce', mail: { timestamp, messageId: 'm', destination: [] } },
      {
        eventType: 'Something New',
        mail: { timestamp, messageId: 'm', tags: { sesame_email_id: [emailId] } },
      },
      bounce({ emailId, timestamp: '2199-01-01T00:00:00Z' }),
      delivery({ emailId, timestamp }),
    ]);
    expect(await lab.statusOf(emailId)).toBe('delivered');
    expect(await lab.count('event_inbox', lane.connectionId)).toBe(0);
    expect(await lab.count('event_rejects', lane.connectionId)).toBe(4);
  });

  it('takes texts that PostgreSQL would refuse', async () => {
    const emailId = await lab.email(lane);
    const mail = { emailId, timestamp };
    await lab.fold(lane, [open(mail, 'a\u0000b\ud800c'), bounce({ ...mail, messageId: 'x\u0000' })]);
    expect(await lab.count('event_inbox', lane.connectionId)).toBe(0);
    expect(await lab.events(emailId)).toMatchObject([
      { type: 'bounced' },
      { data: { userAgent: 'ab\ufffdc' } },
    ]);
  });

  it('finds the one record that PostgreSQL refuses, and folds all others', async () => {
    await lab.database.query(
      `ALTER TABLE events ADD CONSTRAINT poison CHECK (recipient IS DISTINCT FROM 'poison@example.net')`,
    );
    const ids = await Promise.all(Array.from({ length: 25 }, () => lab.email(lane)));
    await lab.fold(
      lane,
      ids.map((emailId, index) =>
        delivery({
          emailId,
          timestamp,
          destination: [index === 13 ? 'poison@example.net' : 'to@example.net'],
        }),
      ),
    );
    await lab.database.query('ALTER TABLE events DROP CONSTRAINT poison');
    const statuses = await Promise.all(ids.map((id) => lab.statusOf(id)));
    expect(statuses.filter((status) => status === 'delivered')).toHaveLength(24);
    expect(statuses[13]).toBe('sent');
    expect(await lab.count('event_rejects', lane.connectionId)).toBe(1);
  });

  /** An identity notification, as it was before event publishing. @param takenAt when SES took the mail */
  const classic = (messageId: string, takenAt = new Date()) => {
    const { eventType, ...rest } = bounce({
      messageId,
      timestamp: takenAt.toISOString(),
      tags: null,
    }) as {
      eventType: string;
    };
    return { notificationType: eventType, ...rest };
  };

  it('finds the email of a classic notification that comes two days later, together with one of now', async () => {
    const taken = new Date(Date.now() - 2 * 86_400_000);
    const before = await lab.email(lane, { sesMessageId: 'days-1', createdAt: taken });
    const now = await lab.email(lane, { sesMessageId: 'days-2' });
    await lab.fold(lane, [classic('days-1', taken), classic('days-2')]);
    expect([await lab.statusOf(before), await lab.statusOf(now)]).toEqual(['bounced', 'bounced']);
  });

  it.each([
    ['just under an hour', 55 * 60_000],
    ['two hours', 2 * 3600_000],
    ['two days', 2 * 86_400_000],
  ])(
    'finds the email of a classic notification that had waited for %s before it went',
    async (_, waitedMs) => {
      const messageId = `waited-${waitedMs}`;
      const sentAt = new Date();
      const createdAt = new Date(sentAt.getTime() - waitedMs);
      const ours = await lab.email(lane, { sesMessageId: messageId, createdAt, sentAt });
      const other = await lab.lane();
      const theirs = await lab.email(other, { sesMessageId: messageId, createdAt, sentAt });
      await lab.fold(lane, [classic(messageId, sentAt)]);
      expect([await lab.statusOf(ours), await lab.statusOf(theirs)]).toEqual(['bounced', 'sent']);
    },
  );

  it('looks for mail that had waited by an index', async () => {
    const plan = await lab.database.transaction(async (sql) => {
      await sql.query('SET LOCAL enable_seqscan = off');
      const { rows } = await sql.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT id FROM emails WHERE ses_message_id = ANY ('{a,b}') AND sent_at - created_at > interval '50 minutes'`,
        [],
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toMatch(/ses_message_id_expr_idx|ses_message_id_idx/);
    expect(plan).not.toContain('Seq Scan');
  });

  it('finds the email of a classic notification by its message id, also when that is recorded later', async () => {
    const known = await lab.email(lane, { sesMessageId: 'classic-1' });
    const late = await lab.email(lane);
    await lab.fold(lane, [classic('classic-1'), classic('classic-2')]);
    expect(await lab.statusOf(known)).toBe('bounced');
    expect(await lab.count('event_inbox', lane.connectionId)).toBe(1);
    await lab.database.query(`UPDATE emails SET ses_message_id = 'classic-2' WHERE id = $1`, [late]);
    await lab.database.query('UPDATE event_inbox SET due_at = now()');
    await lab.runFold(lane.connectionId);
    expect(await lab.statusOf(late)).toBe('bounced');
    expect(await lab.count('event_inbox', lane.connectionId)).toBe(0);
  });

  it('takes in a message of the transport once', async () => {
    const emailId = await lab.email(lane);
    const item = {
      connectionId: lane.connectionId,
      transportId: 'message-1',
      body: JSON.stringify(delivery({ emailId, timestamp })),
    };
    expect(await Promise.all([lab.store.execute([item, item]), lab.store.execute([item])])).toEqual([1, 0]);
    await lab.runFold(lane.connectionId);
    expect(await lab.store.execute([item])).toBe(0);
    expect(await lab.count('event_inbox', lane.connectionId)).toBe(0);
  });

  it('waits for nobody who writes an email at the same time', async () => {
    const [held, free] = [await lab.email(lane), await lab.email(lane)];
    await lab.database.transaction(async (sql) => {
      await sql.query('SELECT 1 FROM emails WHERE id = $1 FOR UPDATE', [held]);
      await lab.fold(lane, [
        delivery({ emailId: held, messageId: 'held', timestamp }),
        delivery({ emailId: free, messageId: 'free', timestamp }),
      ]);
      expect(await lab.statusOf(free)).toBe('delivered');
    });
    expect(await lab.statusOf(held)).toBe('sent');
    await lab.database.query('UPDATE event_inbox SET due_at = now()');
    await lab.runFold(lane.connectionId);
    expect(await lab.statusOf(held)).toBe('delivered');
  });
});
