import { describe, expect, it } from '@jest/globals';
import { presentEmail, presentListItem, type EmailDetailRow } from './email-view.js';

const now = new Date('2026-08-05T12:00:00.000Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const hour = 3_600_000;

const row: EmailDetailRow = {
  id: '0190b2d4-7a3c-7def-8123-456789abcdef',
  status: 'queued',
  sender: 'Ann <a@example.com>',
  addresses: { to: ['b@example.net'], cc: [], bcc: [], reply_to: [] },
  subject: 'Hello',
  tags: [{ name: 'kind', value: 'otp' }],
  connection_id: 'c-1',
  region: 'eu-west-1',
  attempts: 0,
  due_at: later(-1_000),
  scheduled_at: null,
  expires_at: null,
  sent_at: null,
  ses_message_id: null,
  error_name: null,
  error_message: null,
  error_remedy: null,
  created_at: later(-1_000),
  payload: JSON.stringify({ Content: { Simple: { Body: { Html: { Data: '<p>' }, Text: { Data: 'Hi' } } } } }),
  original: null,
  connection_status: 'active',
  is_paused_by_us: false,
  engagement: 0,
  quota_blocked_until: null,
  throttled_at: null,
};
const present = (fields: Partial<EmailDetailRow> = {}) => presentEmail({ ...row, ...fields }, [], now);

describe('the last event', () => {
  it.each([
    ['delivered', 0, 'delivered'],
    ['delivered', 1, 'opened'],
    ['sent', 2, 'clicked'],
    ['complained', 2, 'complained'],
    ['bounced', 1, 'bounced'],
    ['sending', 0, 'queued'],
  ])('of a mail that is %s, engagement %d: %s', (status, engagement, expected) => {
    expect(presentListItem({ ...row, status, engagement }).last_event).toBe(expected);
  });
});

describe('an email', () => {
  it('says when its connection was paused to protect its SES account', () => {
    const paused = { connection_status: 'paused', is_paused_by_us: true };
    expect(present(paused).deferred_reason).toBe('connection_paused_for_reputation');
  });

  it('is shown whole', () => {
    expect(present()).toEqual({
      object: 'email',
      id: row.id,
      message_id: null,
      from: 'Ann <a@example.com>',
      to: ['b@example.net'],
      cc: [],
      bcc: [],
      reply_to: [],
      created_at: '2026-08-05T11:59:59.000Z',
      subject: 'Hello',
      html: '<p>',
      text: 'Hi',
      last_event: 'queued',
      scheduled_at: null,
      expires_at: null,
      tags: [{ name: 'kind', value: 'otp' }],
      status: 'queued',
      connection_id: 'c-1',
      ses_message_id: null,
      sent_at: null,
      attempts: 0,
      next_attempt_at: '2026-08-05T12:00:00.000Z',
      deferred_reason: null,
      recipients: [{ email: 'b@example.net', status: 'queued', at: '2026-08-05T11:59:59.000Z' }],
      error: null,
      events: [{ type: 'queued', at: '2026-08-05T11:59:59.000Z', recipient: null, data: null }],
    });
  });

  it('in a list has no body, and null where it has no cc, bcc or reply_to', () => {
    expect(presentListItem(row)).toEqual({
      id: row.id,
      message_id: null,
      from: 'Ann <a@example.com>',
      to: ['b@example.net'],
      cc: null,
      bcc: null,
      reply_to: null,
      created_at: '2026-08-05T11:59:59.000Z',
      subject: 'Hello',
      last_event: 'queued',
      scheduled_at: null,
      status: 'queued',
    });
  });

  it('in a list shows the addresses it has', () => {
    const addresses = {
      to: ['b@example.net'],
      cc: ['c@example.net'],
      bcc: ['d@example.net'],
      reply_to: ['r@example.com'],
    };
    expect(presentListItem({ ...row, addresses })).toMatchObject({
      cc: ['c@example.net'],
      bcc: ['d@example.net'],
      reply_to: ['r@example.com'],
    });
    expect(present({ addresses })).toMatchObject({
      cc: ['c@example.net'],
      bcc: ['d@example.net'],
      reply_to: ['r@example.com'],
    });
  });

  it.each([
    ['queued', 'queued'],
    ['sending', 'queued'],
    ['scheduled', 'scheduled'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['delivery_delayed', 'delivery_delayed'],
    ['bounced', 'bounced'],
    ['complained', 'complained'],
    ['opened', 'opened'],
    ['clicked', 'clicked'],
    ['suppressed', 'suppressed'],
    ['failed', 'failed'],
    ['uncertain', 'failed'],
    ['expired', 'failed'],
    ['canceled', 'canceled'],
  ])('that is %s has the last event %s', (status, expected) => {
    expect(present({ status })).toMatchObject({ status, last_event: expected });
  });

  it.each([
    ['us-east-1', '<0100-x-000000@email.amazonses.com>'],
    ['eu-west-1', '<0100-x-000000@eu-west-1.amazonses.com>'],
    ['us-west-2', '<0100-x-000000@us-west-2.amazonses.com>'],
  ])('sent in %s has the Message-ID %s', (region, expected) => {
    expect(present({ region, ses_message_id: '0100-x-000000' })).toMatchObject({
      message_id: expected,
      ses_message_id: '0100-x-000000',
    });
    expect(presentListItem({ ...row, region, ses_message_id: '0100-x-000000' }).message_id).toBe(expected);
  });
});

describe('why a mail has not gone yet', () => {
  it.each<[string, Partial<EmailDetailRow>, string | null, Date | null]>([
    ['it is due', {}, null, now],
    [
      'it is scheduled',
      { status: 'scheduled', scheduled_at: later(hour), due_at: later(hour) },
      'scheduled',
      later(hour),
    ],
    [
      'it is tried again',
      { attempts: 2, due_at: later(5_000), error_name: 'Throttling' },
      'retry',
      later(5_000),
    ],
    [
      'it was put off without an attempt that counts',
      { due_at: later(5_000), error_name: 'Throttling' },
      'retry',
      later(5_000),
    ],
    [
      'a scheduled one is tried again',
      { scheduled_at: later(-hour), attempts: 1, due_at: later(5_000) },
      'retry',
      later(5_000),
    ],
    ['the quota is used up', { quota_blocked_until: later(hour) }, 'deferred_quota', later(hour)],
    ['the quota was used up', { quota_blocked_until: later(-1) }, null, now],
    [
      'the quota is used up and it is due later still',
      { attempts: 1, due_at: later(2 * hour), quota_blocked_until: later(hour) },
      'deferred_quota',
      later(2 * hour),
    ],
    ['the connection is paused', { connection_status: 'paused' }, 'connection_paused', now],
    [
      'the connection is broken, whatever else',
      { connection_status: 'broken', quota_blocked_until: later(hour) },
      'connection_broken',
      later(hour),
    ],
    ['the connection is degraded, which sends', { connection_status: 'degraded' }, null, now],
    ['it is being sent', { status: 'sending' }, null, null],
    ['it was sent', { status: 'sent', sent_at: now }, null, null],
    [
      'it failed',
      { status: 'failed', attempts: 3, error_name: 'MessageRejected', due_at: later(hour) },
      null,
      null,
    ],
    ['it was canceled', { status: 'canceled', scheduled_at: later(hour), due_at: later(hour) }, null, null],
  ])('%s', (_, fields, reason, next) => {
    const view = present(fields);
    expect(view.deferred_reason).toBe(reason);
    expect(view.next_attempt_at).toBe(next?.toISOString() ?? null);
  });
});

describe('the error of an email', () => {
  it.each<[string, Partial<EmailDetailRow>, object | null]>([
    ['none', {}, null],
    [
      'with a remedy',
      { error_name: 'MessageRejected', error_message: 'not verified', error_remedy: 'Verify it.' },
      { name: 'MessageRejected', message: 'not verified', remedy: 'Verify it.' },
    ],
    ['without message and remedy', { error_name: 'Unknown' }, { name: 'Unknown', message: '', remedy: null }],
  ])('%s', (_, fields, expected) => {
    expect(present(fields).error).toEqual(expected);
  });
});

describe('the body of an email', () => {
  const raw = JSON.stringify({ Content: { Raw: { Data: 'aGk=' } } });
  const simple = (body: object) => JSON.stringify({ Content: { Simple: { Body: body } } });

  it.each<[string, Partial<EmailDetailRow>, string | null, string | null]>([
    ['simple, both parts', {}, '<p>', 'Hi'],
    ['simple, text only', { payload: simple({ Text: { Data: 'Hi' } }) }, null, 'Hi'],
    ['simple, html only', { payload: simple({ Html: { Data: '<p>' } }) }, '<p>', null],
    ['simple, an empty text', { payload: simple({ Text: { Data: '' } }) }, null, ''],
    [
      'raw, from what was kept beside it',
      { payload: raw, original: { html: '<b>', text: 'Ho' } },
      '<b>',
      'Ho',
    ],
    ['raw, text only', { payload: raw, original: { text: 'Ho' } }, null, 'Ho'],
    ['raw with nothing beside it', { payload: raw }, null, null],
    ['gone', { payload: null }, null, null],
  ])('%s', (_, fields, html, text) => {
    expect(present(fields)).toMatchObject({ html, text });
  });
});

describe('the events of an email', () => {
  it('begin with its making and its sending, and go on with what SES told', () => {
    const events = [
      { type: 'delivered', at: later(2_000), recipient: 'b@example.net', data: { ms: 5 } },
      { type: 'opened', at: later(3_000), recipient: null, data: null },
    ];
    expect(presentEmail({ ...row, status: 'sent', sent_at: later(1_000) }, events, now).events).toEqual([
      { type: 'queued', at: '2026-08-05T11:59:59.000Z', recipient: null, data: null },
      { type: 'sent', at: '2026-08-05T12:00:01.000Z', recipient: null, data: null },
      { type: 'delivered', at: '2026-08-05T12:00:02.000Z', recipient: 'b@example.net', data: { ms: 5 } },
      { type: 'opened', at: '2026-08-05T12:00:03.000Z', recipient: null, data: null },
    ]);
  });

  it('begin with its scheduling when it was scheduled', () => {
    expect(
      present({ status: 'scheduled', scheduled_at: later(hour) }).events.map(({ type }) => type),
    ).toEqual(['scheduled']);
  });
});
