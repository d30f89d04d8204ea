import { describe, expect, it } from '@jest/globals';
import {
  bounce,
  click,
  complaint,
  delay,
  delivery,
  mailOf,
  open,
  reject,
  renderingFailure,
  send,
  type MailFields,
} from '../../../../test/support/ses-records.js';
import type { Told } from './fact.js';
import { normalise } from './normalise.js';

const emailId = '0190b2d4-7a3c-7def-8123-456789abcdef';
const now = new Date('2026-10-02T00:00:00Z');
const told = (record: object): Told => {
  const result = normalise(JSON.stringify(record), now);
  if ('unreadable' in result) throw new Error(result.unreadable);
  return result;
};
const mail: MailFields = { emailId };
const two: MailFields = { emailId, destination: ['Ann <A@Example.net>', 'b@example.net'] };

describe('a record of SES', () => {
  it.each([
    ['Send', send(mail), []],
    [
      'Delivery',
      delivery(two),
      [
        ['delivered', 'a@example.net'],
        ['delivered', 'b@example.net'],
      ],
    ],
    ['Delivery to one of two', delivery(two, ['b@example.net']), [['delivered', 'b@example.net']]],
    ['DeliveryDelay', delay(mail), [['delivery_delayed', 'to@example.net']]],
    ['Bounce', bounce(mail), [['bounced', 'to@example.net']]],
    [
      'Bounce of the own list',
      bounce(mail, { subType: 'OnAccountSuppressionList' }),
      [['suppressed', 'to@example.net']],
    ],
    [
      'Bounce of the global list',
      bounce(mail, { subType: 'Suppressed' }),
      [['suppressed', 'to@example.net']],
    ],
    ['Bounce of an unknown kind', bounce(mail, { subType: 'Brand New' }), [['bounced', 'to@example.net']]],
    ['Complaint', complaint(mail), [['complained', 'to@example.net']]],
    [
      'Complaint that was held back',
      complaint(mail, { subType: 'OnAccountSuppressionList' }),
      [['suppressed', 'to@example.net']],
    ],
    ['Complaint not-spam', complaint(mail, { feedbackType: 'not-spam' }), []],
    ['Reject', reject(mail), [['failed', null]]],
    ['Rendering Failure', renderingFailure(mail), [['failed', null]]],
    ['Open', open(mail), [['opened', 'to@example.net']]],
    ['Open of one of two', open(two), [['opened', null]]],
    ['Click', click(mail), [['clicked', 'to@example.net']]],
    ['Subscription', { eventType: 'Subscription', mail: mailOf(mail), subscription: {} }, []],
    ['a type to come', { eventType: 'Teleport', mail: mailOf(mail) }, []],
  ])('%s', (_, record, facts) => {
    const { facts: found, ...rest } = told(record);
    expect(found.map(({ type, recipient }) => [type, recipient])).toEqual(facts);
    expect(rest).toEqual({
      emailId,
      sesMessageId: '0102019-abc-000000',
      isClassic: false,
      acceptedAt: new Date('2026-10-01T08:00:00.123Z'),
    });
  });

  it.each([
    ['Permanent', 'General', false, true],
    ['Permanent', 'NoEmail', false, true],
    ['Permanent', 'Suppressed', false, true],
    ['Permanent', 'Brand New', false, true],
    ['Permanent', 'OnAccountSuppressionList', false, false],
    ['Permanent', 'OnTenantSuppressionList', false, false],
    ['Transient', 'General', true, false],
    ['Transient', 'MailboxFull', true, false],
    ['Undetermined', 'Undetermined', true, false],
  ])('bounce %s / %s: soft %s, counted %s', (type, subType, isSoft, isCounted) => {
    expect(told(bounce(mail, { type, subType })).facts).toMatchObject([{ isSoft, isCounted }]);
  });

  it.each([delivery, bounce, complaint])('does not count what the mailbox simulator does (%p)', (record) => {
    const simulated = { emailId, destination: ['complaint+x@simulator.amazonses.com'] };
    expect(told(record(simulated)).facts).toMatchObject([{ isCounted: false }]);
    expect(told(record(mail)).facts).toMatchObject([{ isCounted: true }]);
  });

  it('shows a bounce as webhooks do', () => {
    expect(told(bounce(mail)).facts[0]?.data).toEqual({
      type: 'Permanent',
      subType: 'General',
      message: 'The mail server of the recipient refuses the message for good.',
      diagnosticCode: ['smtp; 550 5.1.1 user unknown'],
      status: '5.1.1',
    });
  });

  it('shows a click', () => {
    expect(told(click(mail)).facts[0]?.data).toEqual({
      ipAddress: '192.0.2.1',
      link: 'https://example.com/a',
      linkTags: { campaign: ['autumn'] },
      userAgent: 'Mozilla/5.0 (iPhone) Safari',
      machine: false,
    });
  });

  it('knows a classic notification by its lack of tags', () => {
    const { eventType, ...rest } = bounce({ tags: null }) as { eventType: string };
    expect(told({ notificationType: eventType, ...rest })).toMatchObject({
      isClassic: true,
      emailId: undefined,
    });
    expect(told(bounce({}))).toMatchObject({ isClassic: false, emailId: undefined });
  });

  it('takes no text for an id of ours', () => {
    expect(told(bounce({ tags: { sesame_email_id: ["'; DROP TABLE emails"] } })).emailId).toBeUndefined();
  });

  it.each([
    ['no JSON', '{'],
    ['a text', '"Hello"'],
    ['null', 'null'],
    ['no event', '{"hello":"world"}'],
    ['no mail', '{"eventType":"Send"}'],
    ['no type', JSON.stringify({ mail: mailOf(mail) })],
    ['a bounce without its payload', JSON.stringify({ eventType: 'Bounce', mail: mailOf(mail) })],
    ['a time that is none', JSON.stringify(send({ ...mail, timestamp: 'yesterday' }))],
    ['a time to come', JSON.stringify(send({ ...mail, timestamp: '2026-10-03T00:00:01Z' }))],
    ['a message id that is none', JSON.stringify(send({ ...mail, messageId: '' }))],
  ])('is refused when it is %s', (_, body) => {
    expect(normalise(body, now)).toEqual({ unreadable: expect.any(String) });
  });
});
