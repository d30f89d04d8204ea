import { describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/errors';
import { parseMailbox, type Mailbox } from './addresses.js';
import { prepareRaw } from './prepare-raw.js';

function mailbox(address: string): Mailbox {
  const parsed = parseMailbox(address);
  if (parsed === undefined) throw new Error(address);
  return parsed;
}

const prepare = (message: string | Buffer, recipients = ['to@example.net']) =>
  prepareRaw({ recipients: recipients.map(mailbox), message: Buffer.from(message) });

function refusal(message: string, recipients?: string[]): AppError {
  try {
    prepare(message, recipients);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('accepted');
}

interface Payload {
  FromEmailAddress: string;
  Destination: object;
  EmailTags: object;
  Content: { Raw: { Data: string } };
}
const payloadOf = (message: string, recipients?: string[]) =>
  JSON.parse(String(prepare(message, recipients).email.payload)) as Payload;
const sent = (message: string, recipients?: string[]) =>
  Buffer.from(payloadOf(message, recipients).Content.Raw.Data, 'base64').toString();

const hello = 'From: Me <me@example.com>\r\nTo: to@example.net\r\nSubject: Hi\r\n\r\nHello\r\n';

describe('prepareRaw', () => {
  it('passes every byte on', () => {
    const message = `Received: from x\r\n by y\r\n${hello}..8 bit: Grüße\r\n`;
    expect(sent(message)).toBe(message);
  });

  it('leaves out Bcc, the idempotency key and X-SES-* headers, folded ones whole', () => {
    const extra =
      'BCC: hidden@example.net,\r\n other@example.net\r\nX-SES-Configuration-Set: mine\r\nx-ses-source-arn: arn:aws:ses:eu-west-1:1:identity/x\r\nResend-Idempotency-Key: k\r\n';
    expect(sent(extra + hello)).toBe(hello);
  });

  it('tells SES who gets it, by what the headers show of the envelope', () => {
    const message =
      'From: me@example.com\r\nTo: "A" <A@Example.net>, gone@example.net\r\nCc: c@example.net\r\n\r\nx\r\n';
    const { email } = prepare(message, ['a@example.net', 'c@example.net', 'b@münchen.example']);
    expect(JSON.parse(String(email.payload))).toMatchObject({
      FromEmailAddress: 'me@example.com',
      Destination: {
        ToAddresses: ['a@example.net'],
        CcAddresses: ['c@example.net'],
        BccAddresses: ['b@xn--mnchen-3ya.example'],
      },
      EmailTags: [{ Name: 'sesame_email_id', Value: email.id }],
    });
    expect(email).toMatchObject({
      recipients: 3,
      addresses: {
        to: ['"A" <A@Example.net>'],
        cc: ['c@example.net'],
        bcc: ['b@xn--mnchen-3ya.example'],
        reply_to: [],
      },
    });
  });

  it('shows what was submitted as people read it', () => {
    const { email } = prepare(
      'From: =?UTF-8?Q?=C3=85sa?= <me@Example.COM>\r\nTo: to@example.net\r\nReply-To: R <r@example.com>\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n =?UTF-8?Q?_an_alle?=\r\n\r\nx\r\n',
    );
    expect(email).toMatchObject({
      sender: 'Åsa <me@Example.COM>',
      fromDomain: 'example.com',
      subject: 'Grüße an alle',
      addresses: { reply_to: ['R <r@example.com>'] },
      priority: 0,
      scheduledAt: undefined,
    });
  });

  it('writes a From of the envelope that SES takes, whatever the header looks like', () => {
    expect(payloadOf('From: Åsa <me@example.com>\r\n\r\nx\r\n').FromEmailAddress).toBe(
      '=?UTF-8?B?w4VzYQ==?= <me@example.com>',
    );
  });

  it.each([
    ['no From', 'To: to@example.net\r\n\r\nx\r\n', 'missing_field', /no From/],
    ['nothing at all', '', 'missing_field', /no From/],
    ['two From headers', `From: a@example.com\r\n${hello}`, 'invalid', /more than one From/],
    ['two senders', 'From: a@example.com, b@example.org\r\n\r\nx\r\n', 'invalid', /one address/],
    ['a sender without a domain', 'From: me\r\n\r\nx\r\n', 'invalid', /one address/],
    ['a sender that is not ASCII', 'From: jürgen@example.com\r\n\r\nx\r\n', 'invalid', /ASCII/],
    ['an empty From', 'From:\r\n\r\nx\r\n', 'invalid', /one address/],
    [
      'a broken head',
      'From: me@example.com\r\nnonsense\r\n\r\nx\r\n',
      'invalid',
      /head of the message has a line 2/,
    ],
    ['a bare line feed', `${hello}a\nb\r\n`, 'invalid', /line feed/],
    ['a long line', `${hello}${'x'.repeat(999)}\r\n`, 'invalid', /999 bytes/],
    ['an empty idempotency key', `Resend-Idempotency-Key:\r\n${hello}`, 'invalid_idempotency_key', /1-256/],
    [
      'a long idempotency key',
      `Resend-Idempotency-Key: ${'k'.repeat(257)}\r\n${hello}`,
      'invalid_idempotency_key',
      /1-256/,
    ],
  ])('refuses %s', (_, message, kind, text) => {
    const error = refusal(message);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(text);
  });

  it('refuses what SES does not take: no recipient, 51 of them, more than 40 MB', () => {
    expect(refusal(hello, []).message).toMatch(/no recipient/);
    const many = Array.from({ length: 51 }, (_, index) => `r${index}@example.net`);
    expect(refusal(hello, many).message).toMatch(/at most 50/);
    expect(prepare(hello, many.slice(1)).email.recipients).toBe(50);
    const large = Buffer.concat([Buffer.from(hello), Buffer.alloc(30 * 1024 * 1024 - hello.length + 1)]);
    expect(() => prepare(large)).toThrow(/40 MB/);
  });
});

describe('the fingerprint of an idempotent submission', () => {
  const composed = (volatile: { date: string; id: string; boundary: string }, part = 'Hello') =>
    [
      'Resend-Idempotency-Key: order-1',
      'From: me@example.com',
      'To: to@example.net',
      `Date: ${volatile.date}`,
      `Message-ID: <${volatile.id}@example.com>`,
      `DKIM-Signature: v=1;\r\n b=${volatile.id}`,
      'MIME-Version: 1.0',
      `Content-Type: multipart/mixed;\r\n boundary="${volatile.boundary}"`,
      '',
      `--${volatile.boundary}`,
      `Content-Type: multipart/alternative; boundary=${volatile.boundary}-2`,
      '',
      `--${volatile.boundary}-2`,
      '',
      part,
      `--${volatile.boundary}-2--`,
      `--${volatile.boundary}--`,
      '',
    ].join('\r\n');
  const first = { date: 'Mon, 1 Jan 2029 10:00:00 +0000', id: 'one', boundary: '--_NmP-1f3a' };
  const second = { date: 'Mon, 1 Jan 2029 10:00:05 +0000', id: 'two', boundary: '--_NmP-99ee77' };
  const hash = (message: string, recipients?: string[]) =>
    prepare(message, recipients).idempotency?.requestHash;

  it('is the same when a mail program builds the mail again', () => {
    expect(hash(composed(first))).toEqual(hash(composed(second)));
    expect(prepare(composed(first)).idempotency?.key).toBe('order-1');
  });

  it('does not ask in which order the recipients came', () => {
    expect(hash(composed(first), ['a@example.net', 'b@example.net'])).toEqual(
      hash(composed(first), ['b@example.net', 'a@example.net']),
    );
  });

  it.each<[string, string, string[] | undefined]>([
    ['text', composed(first, 'Good bye'), undefined],
    ['recipients', composed(first), ['other@example.net']],
    ['headers', composed(first).replace('To:', 'Cc:'), undefined],
  ])('differs with other %s', (_, message, recipients) => {
    expect(hash(message, recipients)).not.toEqual(hash(composed(first)));
  });

  it('is not made without a key', () => {
    expect(prepare(hello).idempotency).toBeUndefined();
  });
});
