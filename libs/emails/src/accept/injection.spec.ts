import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import PostalMime, { addressParser } from 'postal-mime';
import { AppError } from '#libs/errors';
import { prepareEmail, priorities } from './prepare-email.js';
import type { SendEmailRequest } from './send-request.js';

/** What an attacker builds headers from. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        '\t',
        '\u0085',
        '\u2028',
        '\u000b',
        '\ud800',
        '\udfff',
        '\u007f',
      ),
      fc.constantFrom('Bcc: x@evil.example', 'X-Evil: 1', ':', ' ', '--', '\r\n\r\n', '=0D=0A', '%0D%0A'),
      fc.constantFrom(
        '=?UTF-8?Q?',
        '=?UTF-8?B?DQpCY2M6IHg=',
        '?=',
        '=?',
        '"',
        "'",
        '\\',
        '<',
        '>',
        '(',
        ')',
        ',',
        ';',
      ),
      fc.constantFrom('é', '😀', 'a', 'Ann', '@', 'a@example.com', '<a@example.com>', '.pdf', 'boundary="x"'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));

/** Without what is refused at sight: the rest must be quoted and encoded rightly. */
const tame = hostile
  .map((text) => text.replace(/[\p{Cc}\p{Cs}\u2028]/gu, ''))
  .filter((text) => text.trim() !== '');

/** Mostly good, so that an email with one bad field gets as far as that field. */
const rarely = <T>(good: T) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(good) },
    { weight: 2, arbitrary: tame },
    { weight: 1, arbitrary: hostile },
  );
const named = rarely('Ann');
const address = fc.oneof(
  { weight: 6, arbitrary: named.map((name) => `${name} <ok@example.com>`) },
  { weight: 3, arbitrary: named.map((name) => `"${name.replace(/["\\]/g, '\\$&')}" <ok@example.com>`) },
  { weight: 1, arbitrary: rarely('ok@example.com') },
);

const email: fc.Arbitrary<SendEmailRequest> = fc.record({
  from: address,
  to: address,
  cc: address,
  reply_to: address,
  subject: rarely('Subject'),
  text: fc.constant('Hi'),
  headers: fc.dictionary(rarely('X-Good'), rarely('good'), { maxKeys: 2 }),
  attachments: fc.array(
    fc.record({
      filename: rarely('a.txt'),
      content: fc.constant('aGk='),
      content_type: rarely('text/plain'),
      content_id: fc.oneof(fc.constant(undefined), rarely('logo')),
    }),
    { maxLength: 1 },
  ),
});

interface Sent {
  FromEmailAddress: string;
  Destination: { ToAddresses: string[]; CcAddresses: string[]; BccAddresses?: string[] };
  ReplyToAddresses: string[];
  Content: {
    Raw?: { Data: string };
    Simple?: {
      Subject: { Data: string };
      Headers?: { Name: string; Value: string }[];
      Attachments?: { FileName: string; ContentType: string; ContentId?: string }[];
    };
  };
}

/** The SES request, or undefined when the email is refused. */
async function sentOf(request: SendEmailRequest): Promise<Sent | undefined> {
  try {
    const { payload } = await prepareEmail(request, priorities.single, new Date());
    return JSON.parse(String(payload)) as Sent;
  } catch (error) {
    if (error instanceof AppError && error.kind !== 'internal') return undefined;
    throw error;
  }
}

/** The names of all headers of a message and of its parts, in lower case. */
function headerNames(mime: string): { top: string[]; parts: string[] } {
  const top: string[] = [];
  const parts: string[] = [];
  const boundaries = [...mime.matchAll(/boundary="([^"]+)"/g)].map(([, boundary]) => `--${boundary}`);
  let into: string[] | undefined = top;
  for (const line of mime.split('\r\n')) {
    if (boundaries.includes(line)) into = parts;
    else if (line === '') into = undefined;
    else if (into !== undefined && !/^[ \t]/.test(line))
      into.push(line.slice(0, line.indexOf(':')).toLowerCase());
  }
  return { top, parts };
}

// eslint-disable-next-line no-control-regex -- what must not have got through
const control = /[\u0000-\u001f\u007f]/;
const asciiLine = /^[ -~]*$/;

function expectCleanEnvelope(sent: Sent): void {
  const { Destination: to } = sent;
  const all = [sent.FromEmailAddress, ...to.ToAddresses, ...to.CcAddresses, ...sent.ReplyToAddresses];
  expect(to.BccAddresses).toBeUndefined();
  for (const text of all) {
    expect(text).toMatch(asciiLine);
    expect(addressParser(text)).toHaveLength(1);
    expect(addressParser(text)[0]?.address).toMatch(/^[^@\s]+@[^@\s]+$/);
  }
}

describe('whatever an email says in its fields', () => {
  it('Simple content has no line break in anything that becomes a header', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(email, async (request) => {
        const sent = await sentOf(request);
        if (sent === undefined) return;
        expectCleanEnvelope(sent);
        const { Simple } = sent.Content;
        if (Simple === undefined) return;
        taken += 1;
        expect(Simple.Subject.Data).not.toMatch(control);
        for (const { Name, Value } of Simple.Headers ?? []) {
          expect(Object.keys(request.headers ?? {})).toContain(Name);
          expect(Name + Value).toMatch(asciiLine);
        }
        for (const { FileName, ContentType, ContentId = '' } of Simple.Attachments ?? []) {
          expect(FileName).not.toMatch(control);
          expect(ContentType + ContentId).toMatch(asciiLine);
        }
      }),
      { seed: 1, numRuns: 800 },
    );
    // Otherwise nothing was looked at.
    expect(taken).toBeGreaterThan(100);
  }, 30_000);

  it('a raw message has the headers that were asked for and no other, in itself and in its parts', async () => {
    let taken = 0;
    const given = ['from', 'to', 'cc', 'reply-to', 'x-raw'];
    const own = ['message-id', 'date', 'mime-version', 'content-type', 'content-transfer-encoding'];
    await fc.assert(
      fc.asyncProperty(email, async (request) => {
        const headers = { ...request.headers, 'X-Raw': 'ä' };
        const sent = await sentOf({ ...request, headers });
        if (sent?.Content.Raw === undefined) return;
        taken += 1;
        const mime = Buffer.from(sent.Content.Raw.Data, 'base64');
        const { top, parts } = headerNames(mime.toString('latin1'));
        // A header without a value is left out.
        const asked = Object.entries({ ...headers, subject: request.subject ?? '' }).flatMap(
          ([name, value]) => (value.trim() === '' ? [] : [name.toLowerCase()]),
        );
        expect(top.filter((name) => !own.includes(name)).sort()).toEqual(
          [...new Set([...given, ...asked])].sort(),
        );
        const ofParts = ['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id'];
        expect(parts.filter((name) => !ofParts.includes(name))).toEqual([]);
        const parsed = await PostalMime.parse(mime);
        expect(parsed.bcc ?? []).toEqual([]);
        expect(parsed.attachments).toHaveLength(request.attachments?.length ?? 0);
        // What SES writes of the envelope's From is what the message itself says.
        const [envelope] = addressParser(sent.FromEmailAddress);
        expect({ ...parsed.from }).toEqual({ ...envelope });
      }),
      { seed: 2, numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(50);
  }, 30_000);
});
