import { describe, expect, it } from '@jest/globals';
import { isUuid } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { prepareEmail, priorities } from './prepare-email.js';
import type { SendEmailRequest } from './send-request.js';

const now = new Date('2026-08-05T12:00:00Z');
const base: SendEmailRequest = {
  from: 'Ann <a@example.com>',
  to: 'b@example.net',
  subject: 'Hello',
  text: 'Hi',
};
const prepare = (fields: Partial<SendEmailRequest> = {}) =>
  prepareEmail({ ...base, ...fields }, priorities.single, now);

async function refusalOf(fields: Partial<SendEmailRequest>): Promise<AppError> {
  const error: unknown = await prepare(fields).then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@example.net`);
const tags = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `t${index}`, value: 'v' }));
const file = (fields: object) => ({ attachments: [{ filename: 'a.txt', content: 'aGk=', ...fields }] });

describe('an email is refused for', () => {
  it.each<[string, Partial<SendEmailRequest>, string, string]>([
    ['no recipient', { to: [] }, 'missing_field', 'to'],
    ['an empty recipient', { to: '' }, 'invalid', 'to'],
    ['a bad recipient', { to: 'b.example.net' }, 'invalid', 'to'],
    ['one bad recipient among good ones', { to: ['b@example.net', 'nope'] }, 'invalid', 'to'],
    ['two recipients in one text', { to: 'b@example.net, c@example.net' }, 'invalid', 'to'],
    ['a line break in a recipient', { to: 'b@example.net\r\nBcc: c@example.net' }, 'invalid', 'to'],
    ['no sender', { from: '  ' }, 'missing_field', 'from'],
    ['no sender and no template that has one', { from: null }, 'missing_field', 'from'],
    ['no subject and no template that has one', { subject: null }, 'missing_field', 'subject'],
    ['a bad sender', { from: 'Ann' }, 'invalid', 'from'],
    ['a bad cc', { cc: ['x'] }, 'invalid', 'cc'],
    ['a bad bcc', { bcc: 'x' }, 'invalid', 'bcc'],
    ['a bad reply_to', { reply_to: ['r@example.com', 'x'] }, 'invalid', 'reply_to'],
    ['51 recipients', { to: addresses(51) }, 'invalid', 'to'],
    [
      '51 recipients over to, cc and bcc',
      { to: addresses(20), cc: addresses(20), bcc: addresses(11) },
      'invalid',
      'to',
    ],
    ['neither html nor text', { html: null, text: null }, 'missing_field', 'html'],
    ['a line break in the subject', { subject: 'Hello\r\nBcc: c@example.net' }, 'invalid', 'subject'],
    ['a NUL in the subject', { subject: 'a\0' }, 'invalid', 'subject'],
    ['a NUL in html', { html: '<p>\0</p>' }, 'invalid', 'html'],
    ['a NUL in text', { text: '\0' }, 'invalid', 'text'],
    ['a header that is not the caller’s', { headers: { Bcc: 'c@example.net' } }, 'invalid', 'headers.Bcc'],
    [
      'a line break in a header value',
      { headers: { 'X-A': 'a\r\nBcc: c@example.net' } },
      'invalid',
      'headers.X-A',
    ],
    [
      'a line break in a header name',
      { headers: { 'X-A\r\nBcc': 'c@example.net' } },
      'invalid',
      'headers.X-A??Bcc',
    ],
    ['76 tags', { tags: tags(76) }, 'invalid', 'tags'],
    ['a tag name with a space', { tags: [{ name: 'a b', value: 'v' }] }, 'invalid', 'tags[0]'],
    ['a tag without a name', { tags: [...tags(1), { name: '', value: 'v' }] }, 'invalid', 'tags[1]'],
    ['a tag without a value', { tags: [{ name: 'a', value: '' }] }, 'invalid', 'tags[0]'],
    [
      'a tag value of SES’s own alphabet only',
      { tags: [{ name: 'a', value: 'v@x.y' }] },
      'invalid',
      'tags[0]',
    ],
    [
      'a tag in the name space of SES',
      { tags: [{ name: 'ses:source-ip', value: 'v' }] },
      'invalid',
      'tags[0]',
    ],
    ['a tag name of 257 characters', { tags: [{ name: 'n'.repeat(257), value: 'v' }] }, 'invalid', 'tags[0]'],
    ['a tag value with a line break', { tags: [{ name: 'a', value: 'v\n' }] }, 'invalid', 'tags[0]'],
    ['our own tag', { tags: [{ name: 'Sesame_email_id', value: 'v' }] }, 'invalid', 'tags[0].name'],
    ['the same tag twice', { tags: [...tags(2), { name: 't1', value: 'w' }] }, 'invalid', 'tags[2].name'],
    [
      'an attachment without content',
      { attachments: [{ filename: 'a.txt' }] },
      'invalid_attachment',
      'attachments[0]',
    ],
    [
      'an attachment by path',
      { attachments: [{ path: 'http://169.254.169.254/' }] },
      'invalid_attachment',
      'attachments[0]',
    ],
    [
      'an attachment that is not base64',
      file({ content: 'not base64!' }),
      'invalid_attachment',
      'attachments[0].content',
    ],
    ['an executable', file({ filename: 'setup.exe' }), 'invalid_attachment', 'attachments[0].filename'],
    [
      'a line break in a filename',
      file({ filename: 'a.txt\r\nX-A: b' }),
      'invalid',
      'attachments[0].filename',
    ],
    ['a quote in a filename', file({ filename: 'a"; x="b.txt' }), 'invalid', 'attachments[0].filename'],
    ['a path as filename', file({ filename: '../a.txt' }), 'invalid', 'attachments[0].filename'],
    [
      'a content type that is none',
      file({ content_type: 'text' }),
      'invalid_attachment',
      'attachments[0].content_type',
    ],
    [
      'a header in a content type',
      file({ content_type: 'text/plain\r\nX-A: b' }),
      'invalid_attachment',
      'attachments[0].content_type',
    ],
    [
      'a folded content type',
      file({ content_type: 'text/plain;\r\n x=y' }),
      'invalid_attachment',
      'attachments[0].content_type',
    ],
    [
      'a header end in a content type',
      file({ content_type: 'text/plain;\r\n\r\nx=y' }),
      'invalid_attachment',
      'attachments[0].content_type',
    ],
    [
      'a control character in a content type',
      file({ content_type: 'text/plain; x="\0"' }),
      'invalid_attachment',
      'attachments[0].content_type',
    ],
    [
      'an empty content type',
      file({ content_type: '' }),
      'invalid_attachment',
      'attachments[0].content_type',
    ],
    [
      'brackets in a content id',
      file({ content_id: '<logo>' }),
      'invalid_attachment',
      'attachments[0].content_id',
    ],
    [
      'a line break in a content id',
      file({ content_id: 'a\r\nb' }),
      'invalid_attachment',
      'attachments[0].content_id',
    ],
    [
      'a content id of 79 characters',
      file({ content_id: 'c'.repeat(79) }),
      'invalid_attachment',
      'attachments[0].content_id',
    ],
    ['an unreadable time', { scheduled_at: 'whenever' }, 'invalid', 'scheduled_at'],
    ['a time in 31 days', { scheduled_at: 'in 31 days' }, 'invalid', 'scheduled_at'],
  ])('%s', async (_, fields, kind, field) => {
    expect(await refusalOf(fields)).toMatchObject({ code: `email.${kind}`, kind, field });
  });

  it.each<[string, Partial<SendEmailRequest>]>([
    ['an address', { to: 'Ann \ud800 <b@example.net>' }],
    ['the subject', { subject: 'a\udc00' }],
    ['html that is kept as it came', { html: '<p>\ud800</p>', headers: { 'X-A': 'ä' } }],
    ['text that is kept as it came', { text: '\ud800', headers: { 'X-A': 'ä' } }],
    ['a filename', file({ filename: 'a\ud800.txt' })],
  ])('half a character in %s, which PostgreSQL cannot store as jsonb', async (_, fields) => {
    // Either a refusal or a text that was made whole: never an error of the database, which would be a 500.
    const prepared = await prepare(fields).catch((error: unknown) => error);
    if (prepared instanceof AppError) expect(prepared.kind).toMatch(/^invalid/);
    else expect(JSON.stringify(prepared)).not.toMatch(/\\ud[89a-f]/);
  });

  it('more than 40 MB', async () => {
    const content = 'A'.repeat(42 * 1024 * 1024);
    expect(await refusalOf(file({ content }))).toMatchObject({ kind: 'too_large', field: 'attachments' });
  });

  it('a bad time before anything of it is stored, with the field first in the message', async () => {
    expect((await refusalOf({ scheduled_at: 'whenever' })).message).toBe(
      'Invalid `scheduled_at` field. It must be an ISO 8601 date or a phrase like `in 1 hour`.',
    );
  });

  it('its recipients first, then its sender, then its content', async () => {
    const everything = { to: [], from: '', html: null, text: null, subject: '\n' };
    expect((await refusalOf(everything)).field).toBe('to');
    expect((await refusalOf({ ...everything, to: 'b@example.net' })).field).toBe('from');
    expect((await refusalOf({ ...everything, to: 'b@example.net', from: 'a@example.com' })).field).toBe(
      'html',
    );
  });

  it('bad names in words that are fit to be shown', async () => {
    const { message, field } = await refusalOf({ headers: { [`X ${'é\r\n'.repeat(100)}`]: 'v' } });
    expect(message).toMatch(/^[ -~]{1,200}$/);
    expect(field).toMatch(/^[ -~]{1,100}$/);
  });
});

describe('a prepared email', () => {
  it('carries what is stored beside its payload', async () => {
    const prepared = await prepare({
      to: ['b@example.net', 'Bob <c@example.net>'],
      cc: 'd@example.net',
      bcc: ['e@example.net'],
      reply_to: 'r@example.com',
      tags: [{ name: 'kind', value: 'otp' }],
      expires_in: 300,
      connection_id: '0190b2d4-7a3c-7def-8123-456789abcdef',
      scheduled_at: 'in 1 hour',
    });
    expect(isUuid(prepared.id)).toBe(true);
    expect(prepared).toEqual({
      id: prepared.id,
      sender: 'Ann <a@example.com>',
      fromDomain: 'example.com',
      addresses: {
        to: ['b@example.net', 'Bob <c@example.net>'],
        cc: ['d@example.net'],
        bcc: ['e@example.net'],
        reply_to: ['r@example.com'],
      },
      subject: 'Hello',
      tags: [{ name: 'kind', value: 'otp' }],
      recipients: 4,
      priority: 0,
      scheduledAt: new Date('2026-08-05T13:00:00Z'),
      expiresInSeconds: 300,
      payload: expect.any(Buffer),
      original: undefined,
      connectionId: '0190b2d4-7a3c-7def-8123-456789abcdef',
    });
  });

  it.each([
    ['the past', '2026-08-05T11:00:00Z'],
    ['this very moment', '2026-08-05T12:00:00Z'],
    ['an explicit null', null],
  ])('scheduled for %s goes now', async (_, scheduled_at) => {
    expect((await prepare({ scheduled_at })).scheduledAt).toBeUndefined();
  });

  it('takes explicit nulls as absent', async () => {
    const nothing = {
      html: null,
      cc: null,
      bcc: null,
      reply_to: null,
      headers: null,
      tags: null,
      attachments: null,
      topic_id: null,
    };
    const prepared = await prepare({ ...nothing, connection_id: null, expires_in: null });
    const { id, ...plain } = await prepare();
    expect({
      ...prepared,
      id,
      payload: Buffer.from(String(prepared.payload).replace(prepared.id, id)),
    }).toEqual({ ...plain, id });
  });

  it.each<[string, Partial<SendEmailRequest>, object]>([
    ['text alone', { text: 'Hi' }, { Text: { Data: 'Hi', Charset: 'UTF-8' } }],
    ['html alone', { html: '<p>', text: null }, { Html: { Data: '<p>', Charset: 'UTF-8' } }],
    [
      'both',
      { html: '<p>', text: 'Hi' },
      { Text: { Data: 'Hi', Charset: 'UTF-8' }, Html: { Data: '<p>', Charset: 'UTF-8' } },
    ],
    [
      'an empty text beside html, which means no text',
      { html: '<p>', text: '' },
      { Html: { Data: '<p>', Charset: 'UTF-8' } },
    ],
    ['an empty text alone', { text: '' }, { Text: { Data: '', Charset: 'UTF-8' } }],
  ])('with %s has this body', async (_, fields, body) => {
    expect(JSON.parse(String((await prepare(fields)).payload))).toMatchObject({
      Content: { Simple: { Body: body } },
    });
    expect(
      Object.keys(
        (JSON.parse(String((await prepare(fields)).payload)) as { Content: { Simple: { Body: object } } })
          .Content.Simple.Body,
      ),
    ).toEqual(Object.keys(body));
  });

  it('takes 50 recipients and 75 tags', async () => {
    const prepared = await prepare({
      to: addresses(30),
      cc: addresses(10),
      bcc: addresses(10),
      tags: tags(75),
    });
    expect(prepared.recipients).toBe(50);
    expect(prepared.tags).toHaveLength(75);
  });

  it.each([
    ['absent', undefined, 'attachment-1', 'application/octet-stream'],
    ['false', false as const, 'attachment-1', 'application/octet-stream'],
    ['empty', '', 'attachment-1', 'application/octet-stream'],
    ['of an unknown type', 'a.constructor', 'a.constructor', 'application/octet-stream'],
    ['of a known type', 'ä.pdf', 'ä.pdf', 'application/pdf'],
  ])('names an attachment whose filename is %s', async (_, filename, name, type) => {
    const { original } = await prepare({
      attachments: [{ content: 'aGk=', ...(filename !== undefined && { filename }) }],
    });
    expect(original).toEqual({ attachments: [{ filename: name, content_type: type, size: 2 }] });
  });

  it.each([
    'text/plain',
    'text/plain; charset=utf-8',
    'text/calendar;method=REQUEST; charset="utf-8"',
    'application/vnd.ms-excel+x',
  ])('takes the content type %s', async (content_type) => {
    const { original } = await prepare(file({ content_type }));
    expect(original?.attachments?.[0]?.content_type).toBe(content_type);
  });

  it('prefers content where an attachment has a path too', async () => {
    const { original } = await prepare(file({ path: 'http://169.254.169.254/' }));
    expect(original?.attachments?.[0]?.size).toBe(2);
  });

  it('keeps what the payload cannot tell when it is raw', async () => {
    const { original } = await prepare({ html: '<p>', text: 'Hi', headers: { 'X-A': 'ä' } });
    expect(original).toEqual({ html: '<p>', text: 'Hi' });
  });

  it('gets a new id every time', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await prepare()).id));
    expect(new Set(ids).size).toBe(50);
  });
});
