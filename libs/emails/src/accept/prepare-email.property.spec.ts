import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError, errorKinds } from '#libs/errors';
import { prepareEmail, priorities } from './prepare-email.js';
import type { SendEmailRequest } from './send-request.js';

const now = new Date('2026-08-05T12:00:00Z');

/** Pieces that make headers, ends of headers and addresses of their own. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', '\n', '\r', '\r\n\r\n', '\0', '\t', ' ', '\u0085', '\u2028', '\r\n ', '\u000b'),
      fc.constantFrom(
        'X-Injected: yes',
        'Bcc: x@example.org',
        '"',
        ';',
        ':',
        ',',
        '<',
        '>',
        '=?UTF-8?Q?=0D=0AX-Injected:_yes?=',
        '%0d%0a',
      ),
      fc.constantFrom(
        'a',
        'é',
        '😀',
        '\ud800',
        'a@example.com',
        ';\r\n x=y',
        '; x="',
        '; x=y',
        'report.pdf',
        'logo',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
/** Mostly good, so that many requests get through with one bad place. */
const some = (good: string) =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 12 }, { arbitrary: nasty, weight: 1 });
const around = (good: (text: string) => string) =>
  fc.oneof({ arbitrary: fc.constant(good('')), weight: 8 }, { arbitrary: nasty.map(good), weight: 1 });
/** Close enough to the grammar that a hole in it shows. */
const parameters = fc.tuple(
  fc.constantFrom(';', '; ', ';\t', ';\n', ';\r\n ', ';\r\n\r\n', '\r\n;', ' ;'),
  fc.constantFrom('x', 'X-Injected', 'x y', ''),
  fc.constantFrom('=', ':', ' = '),
  fc.constantFrom('y', '"a b"', '"a\r\nb"', '"\0"', '"\t"', '"X-Injected: yes"', ''),
);
const mediaTypes = fc
  .array(
    parameters.map((parts) => parts.join('')),
    { maxLength: 2 },
  )
  .map((parts) => `text/plain${parts.join('')}`);
const requests: fc.Arbitrary<SendEmailRequest> = fc.record({
  from: around((text) => `${text} <a@example.com>`),
  to: fc.array(
    around((text) => `"${text}" <b@example.net>`),
    { minLength: 1, maxLength: 3 },
  ),
  cc: fc.array(
    around((text) => `${text}c@example.net`),
    { maxLength: 2 },
  ),
  reply_to: fc.array(
    around((text) => `r@${text}example.com`),
    { maxLength: 2 },
  ),
  subject: some('Hello'),
  text: fc.constant('body'),
  headers: fc.dictionary(
    around((text) => `X-A${text}`),
    fc.oneof(some('value'), fc.constant('Grüße')),
    { maxKeys: 3 },
  ),
  tags: fc.array(fc.record({ name: some('kind'), value: some('otp') }), { maxLength: 1 }),
  attachments: fc.array(
    fc.record({
      filename: some('a.txt'),
      content: fc.constant('aGk='),
      content_type: fc.oneof(
        mediaTypes,
        around((text) => `text/plain${text}`),
      ),
      content_id: some('logo'),
    }),
    { maxLength: 1 },
  ),
});

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}

const allowedHeaders =
  /^(From|To|Cc|Reply-To|Subject|Message-ID|Date|MIME-Version|Content-[A-Za-z-]+|X-A[!-9;-~]*):/i;

describe('whatever a request holds', () => {
  it('it is refused by an AppError that names a field, or no header line of what SES gets has a line break of the caller’s', async () => {
    const counts = { refused: 0, simple: 0, raw: 0 };
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const prepared = await prepareEmail(request, priorities.single, now).catch((error: unknown) => error);
        if (prepared instanceof Error) {
          counts.refused += 1;
          expect(prepared).toBeInstanceOf(AppError);
          expect(prepared).toMatchObject({ field: expect.stringMatching(/^[a-z]/) });
          expect(errorKinds).toContain((prepared as AppError).kind);
          expect(prepared.message).toMatch(/^[^\r\n]*$/);
          return;
        }
        const { payload } = prepared as { payload: Buffer };
        const { Content, ...envelope } = JSON.parse(String(payload)) as {
          Content: { Simple?: object; Raw?: { Data: string } };
        };
        for (const text of textsOf(envelope)) expect(text).toMatch(/^[ -~]*$/);
        if (Content.Raw === undefined) {
          counts.simple += 1;
          // eslint-disable-next-line no-control-regex -- what must not be there
          for (const text of textsOf(Content.Simple)) expect(text).not.toMatch(/[\u0000-\u001f\u007f]/);
          return;
        }
        counts.raw += 1;
        const mime = Buffer.from(Content.Raw.Data, 'base64').toString('latin1');
        const head = mime.slice(0, mime.indexOf('\r\n\r\n'));
        for (const line of head.split('\r\n')) {
          expect(line).toMatch(/^[\t -~]+$/);
          if (!/^[\t ]/.test(line)) expect(line).toMatch(allowedHeaders);
        }
        expect(mime).not.toMatch(/^(X-Injected|Bcc)/im);
        expect(mime.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      }),
      { seed: 1, numRuns: 3_000 },
    );
    expect(counts.refused).toBeGreaterThan(300);
    expect(counts.simple).toBeGreaterThan(100);
    expect(counts.raw).toBeGreaterThan(100);
  }, 60_000);
});
