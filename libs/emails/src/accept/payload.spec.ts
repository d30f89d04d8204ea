import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import PostalMime, { decodeWords } from 'postal-mime';
import type { Attachment } from './attachments.js';
import { buildPayload, EMAIL_ID_TAG, type Message } from './payload.js';

const box = (address: string, name = '') => ({
  name,
  address,
  domain: address.slice(address.indexOf('@') + 1),
});
const message: Message = {
  from: box('a@example.com', 'Ann'),
  to: [box('b@example.net')],
  cc: [],
  bcc: [],
  replyTo: [],
  subject: 'Hello',
  html: undefined,
  text: 'Hi',
  headers: {},
  tags: [],
  attachments: [],
};
const attachment = (fields: Partial<Attachment> = {}): Attachment => ({
  filename: 'a.txt',
  contentType: 'text/plain',
  contentId: undefined,
  content: 'aGk=',
  size: 2,
  ...fields,
});
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-H${index}`, `v${index}`]));

async function simpleOf(fields: Partial<Message>): Promise<unknown> {
  const { content, json } = await buildPayload('e-1', { ...message, ...fields });
  expect(content).toBe('simple');
  return JSON.parse(json);
}

async function mimeOf(fields: Partial<Message>): Promise<Buffer> {
  const { content, json } = await buildPayload('e-1', { ...message, ...fields });
  expect(content).toBe('raw');
  const parsed = JSON.parse(json) as { Content: { Raw: { Data: string }; Simple?: unknown } };
  expect(Object.keys(parsed.Content)).toEqual(['Raw']);
  return Buffer.from(parsed.Content.Raw.Data, 'base64');
}

describe('an ordinary email', () => {
  it('is Simple content and carries no empty member', async () => {
    expect(await simpleOf({})).toEqual({
      FromEmailAddress: 'Ann <a@example.com>',
      Destination: { ToAddresses: ['b@example.net'] },
      EmailTags: [{ Name: EMAIL_ID_TAG, Value: 'e-1' }],
      Content: {
        Simple: {
          Subject: { Data: 'Hello', Charset: 'UTF-8' },
          Body: { Text: { Data: 'Hi', Charset: 'UTF-8' } },
        },
      },
    });
  });

  it('carries everything that was asked for', async () => {
    expect(
      await simpleOf({
        cc: [box('c@example.net', 'Zoë')],
        bcc: [box('d@example.net')],
        replyTo: [box('r@example.com', 'Help, Desk')],
        html: '<p>ä</p>',
        headers: { 'List-Unsubscribe': '<https://example.com>' },
        tags: [{ name: 'kind', value: 'otp' }],
        attachments: [
          attachment(),
          attachment({ filename: 'ä.png', contentType: 'image/png', contentId: 'logo' }),
        ],
      }),
    ).toEqual({
      FromEmailAddress: 'Ann <a@example.com>',
      Destination: {
        ToAddresses: ['b@example.net'],
        CcAddresses: ['=?UTF-8?B?Wm/Dqw==?= <c@example.net>'],
        BccAddresses: ['d@example.net'],
      },
      ReplyToAddresses: ['"Help, Desk" <r@example.com>'],
      EmailTags: [
        { Name: EMAIL_ID_TAG, Value: 'e-1' },
        { Name: 'kind', Value: 'otp' },
      ],
      Content: {
        Simple: {
          Subject: { Data: 'Hello', Charset: 'UTF-8' },
          Body: { Text: { Data: 'Hi', Charset: 'UTF-8' }, Html: { Data: '<p>ä</p>', Charset: 'UTF-8' } },
          Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.com>' }],
          Attachments: [
            {
              FileName: 'a.txt',
              ContentType: 'text/plain',
              ContentDisposition: 'ATTACHMENT',
              ContentTransferEncoding: 'BASE64',
              RawContent: 'aGk=',
            },
            {
              FileName: 'ä.png',
              ContentType: 'image/png',
              ContentDisposition: 'INLINE',
              ContentId: 'logo',
              ContentTransferEncoding: 'BASE64',
              RawContent: 'aGk=',
            },
          ],
        },
      },
    });
  });

  it('carries the headers of one-click unsubscription as they are', async () => {
    const headers = {
      'List-Unsubscribe': '<https://example.com/u?id=1>, <mailto:u@example.com?subject=stop>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
    expect(await simpleOf({ headers })).toMatchObject({
      Content: { Simple: { Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })) } },
    });
    const raw = await PostalMime.parse(await mimeOf({ headers: { ...headers, 'X-A': 'ä' } }));
    for (const [name, value] of Object.entries(headers))
      expect(raw.headers.find(({ key }) => key === name.toLowerCase())?.value).toBe(value);
  });

  it('gives SES the 50 tags it takes, ours first', async () => {
    const tags = Array.from({ length: 75 }, (_, index) => ({ name: `t${index}`, value: 'v' }));
    const { EmailTags } = (await simpleOf({ tags })) as { EmailTags: { Name: string }[] };
    expect(EmailTags).toHaveLength(50);
    expect(EmailTags[0]?.Name).toBe(EMAIL_ID_TAG);
  });
});

describe('an email is raw when a header', () => {
  it.each([
    ['is the sixteenth', many(16)],
    ['has a value that is not ASCII', { 'X-A': 'Grüße' }],
    ['has an empty value', { 'X-A': '' }],
    ['has a tab', { 'X-A': 'a\tb' }],
    ['is longer than 996 characters', { 'X-A': 'word '.repeat(200) }],
  ])('%s', async (_, headers) => {
    await expect(mimeOf({ headers })).resolves.toBeInstanceOf(Buffer);
  });

  it('is the fifteenth: it is not', async () => {
    await expect(simpleOf({ headers: many(15) })).resolves.toBeDefined();
  });
});

describe('a raw email', () => {
  const full: Partial<Message> = {
    from: box('a@example.com', 'Zoë, "Z" Größe'),
    to: [box('b@example.net', 'Bob'), box('c@xn--bcher-kva.example')],
    cc: [box('d@example.net', '😀'.repeat(20))],
    bcc: [box('secret@example.org')],
    replyTo: [box('r@example.com', 'Help, Desk')],
    subject: 'Grüße: 50 % "off" 😀 — a subject that is long enough to be folded over more than one line',
    html: '<p>ä€😀</p>\n'.repeat(20),
    text: 'ä€😀\nFrom here\n.\n'.repeat(20),
    headers: { ...many(16), 'X-Unicode': 'Grüße 😀', 'List-Unsubscribe': '<https://example.com/u?a=b>' },
    attachments: [
      attachment({
        filename: 'Übersicht 😀.pdf',
        contentType: 'application/pdf',
        content: Buffer.from([0, 13, 10, 255]).toString('base64'),
      }),
      attachment({ filename: 'logo.png', contentType: 'image/png', contentId: 'logo' }),
    ],
  };

  it('reads back as what was asked for', async () => {
    const parsed = await PostalMime.parse(await mimeOf(full));
    expect(parsed.from).toMatchObject({ name: 'Zoë, "Z" Größe', address: 'a@example.com' });
    expect(parsed.to?.map(({ name, address }) => [name, address])).toEqual([
      ['Bob', 'b@example.net'],
      ['', 'c@xn--bcher-kva.example'],
    ]);
    expect(parsed.cc?.[0]).toMatchObject({ name: '😀'.repeat(20), address: 'd@example.net' });
    expect(parsed.replyTo?.[0]).toMatchObject({ name: 'Help, Desk', address: 'r@example.com' });
    expect(parsed.subject).toBe(full.subject);
    expect(parsed.html?.trim()).toBe(full.html?.trim());
    expect(parsed.text?.trim()).toBe(full.text?.trim());
    expect(
      parsed.attachments.map(({ filename, mimeType, disposition }) => [filename, mimeType, disposition]),
    ).toEqual(
      expect.arrayContaining([
        ['Übersicht 😀.pdf', 'application/pdf', 'attachment'],
        ['logo.png', 'image/png', 'inline'],
      ]),
    );
    const pdf = parsed.attachments.find(({ mimeType }) => mimeType === 'application/pdf');
    expect([...Buffer.from(pdf?.content as ArrayBuffer)]).toEqual([0, 13, 10, 255]);
    expect(parsed.attachments.find(({ mimeType }) => mimeType === 'image/png')?.contentId).toBe('<logo>');
    const headerOf = (key: string) => parsed.headers.find((header) => header.key === key)?.value;
    for (let index = 0; index < 16; index++) expect(headerOf(`x-h${index}`)).toBe(`v${index}`);
    expect(headerOf('list-unsubscribe')).toBe('<https://example.com/u?a=b>');
    expect(decodeWords(headerOf('x-unicode') ?? '')).toBe('Grüße 😀');
  });

  it('names the blind recipients to SES and to nobody else', async () => {
    const { json } = await buildPayload('e-1', { ...message, ...full });
    expect(JSON.parse(json)).toMatchObject({ Destination: { BccAddresses: ['secret@example.org'] } });
    expect((await mimeOf(full)).toString('latin1')).not.toMatch(/secret@example\.org|^bcc:/im);
  });

  it('has the same envelope and tags as a simple one', async () => {
    const envelopeOf = async (headers: Record<string, string>) => {
      const { Content: _, ...envelope } = JSON.parse(
        (await buildPayload('e-1', { ...message, ...full, headers })).json,
      ) as { Content: unknown };
      return envelope;
    };
    expect(await envelopeOf({ 'X-A': 'ä' })).toEqual(await envelopeOf({}));
  });

  it.each<[string, Partial<Message>]>([
    ['everything', full],
    ['long lines of text', { text: 'x'.repeat(5_000), headers: { 'X-A': 'ä' } }],
    ['long lines of html', { html: `<p>${'x'.repeat(5_000)}</p>`, headers: { 'X-A': 'ä' } }],
    ['a long subject without a space', { subject: 'ä'.repeat(900), headers: { 'X-A': 'ä' } }],
    ['a long header of words', { headers: { 'X-A': 'word '.repeat(1_400).trim() } }],
    ['a header of one word that just fits', { headers: { 'X-A': 'w'.repeat(990), 'X-B': 'ä' } }],
    ['a header of words that just fit', { headers: { 'X-A': `a ${'w'.repeat(990)} b ${'v'.repeat(990)}` } }],
    ['a long header that is not ASCII', { headers: { 'X-A': 'ä'.repeat(3_000) } }],
  ])('with %s has no line over 998 characters and only ASCII', async (_, fields) => {
    const mime = (await mimeOf(fields)).toString('latin1');
    for (const line of mime.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);

    expect(mime).toMatch(/^[\r\n\t -~]*$/);
  });

  it('has no line of spaces in its head', async () => {
    const gap = `a${' '.repeat(100)}\t${' '.repeat(100)}b${' '.repeat(100)}`;
    const mime = await mimeOf({
      from: box('a@example.com', gap),
      subject: gap,
      headers: { 'X-A': gap, 'X-B': ' \t', 'X-C': `ä${gap}` },
    });
    const [head = ''] = mime.toString('latin1').split('\r\n\r\n');
    for (const line of head.split('\r\n')) expect(line).toMatch(/\S/);
    expect(await PostalMime.parse(mime)).toMatchObject({ subject: 'a b', from: { name: 'a b' } });
  });

  it('reads back for any text in subject, names and bodies', async () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 120 })
      .filter((value) => /^[^\p{C}\p{Z}]([^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$/u.test(value));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (subject, name, body) => {
        const parsed = await PostalMime.parse(
          await mimeOf({ subject, text: body, to: [box('b@example.net', name)], headers: { 'X-A': 'ä' } }),
        );
        const singleSpaced = (value: string) => value.replace(/ +/g, ' ');
        expect(parsed.subject).toBe(singleSpaced(subject));
        expect(parsed.to?.[0]).toMatchObject({ name: singleSpaced(name), address: 'b@example.net' });
        expect(parsed.text?.trimEnd()).toBe(body);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
