import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { failure } from '../../testing/harness.js';
import { SendFixture, SIMPLE } from '../../testing/send-fixture.js';
import { signedFetch } from '../../testing/signed-fetch.js';

describe('validation of SendEmail', () => {
  let f: SendFixture;
  beforeAll(async () => {
    f = await SendFixture.start();
  });
  afterAll(() => f.close());
  beforeEach(() => f.reset());

  const many = (n: number) => ({
    Destination: { ToAddresses: Array.from({ length: n }, (_, i) => `r${i}@example.net`) },
  });
  it.each<[string, Partial<SendEmailCommandInput>, string]>([
    [
      'no content',
      { Content: undefined },
      "BadRequestException|400|1 validation error detected: Value at 'content' failed to satisfy constraint: Member must not be null",
    ],
    [
      'two contents',
      { Content: { Simple: SIMPLE, Raw: { Data: Buffer.from('x') } } },
      'BadRequestException|400|Content must contain exactly one of Simple, Raw or Template.',
    ],
    [
      'no recipients',
      { Destination: {} },
      'BadRequestException|400|At least one recipient must be specified.',
    ],
    ['51 recipients', many(51), 'BadRequestException|400|Recipient count exceeds 50.'],
    ['no @', { Destination: { ToAddresses: ['nobody'] } }, "BadRequestException|400|Missing final '@domain'"],
    ['no domain', { Destination: { ToAddresses: ['nobody@'] } }, 'BadRequestException|400|Missing domain'],
    [
      'space in the domain',
      { Destination: { ToAddresses: ['a@b c'] } },
      'BadRequestException|400|Domain contains control or whitespace',
    ],
    [
      'non-ASCII local part',
      { Destination: { ToAddresses: ['jürgen@example.net'] } },
      'BadRequestException|400|Local address contains control or whitespace',
    ],
    [
      'domain with a dot first',
      { Destination: { ToAddresses: ['a@.net'] } },
      'BadRequestException|400|Domain starts with dot',
    ],
    [
      'too long',
      { Destination: { ToAddresses: [`${'n'.repeat(310)}@example.net`] } },
      `BadRequestException|400|Address length is more than 320 characters long: '${'n'.repeat(310)}@example.net'.`,
    ],
    [
      '16 headers',
      {
        Content: {
          Simple: {
            ...SIMPLE,
            Headers: Array.from({ length: 16 }, (_, i) => ({ Name: `X-${i}`, Value: 'v' })),
          },
        },
      },
      "BadRequestException|400|1 validation error detected: Value at 'content.simple.headers' failed to satisfy constraint: Member must have length less than or equal to 15",
    ],
    [
      'line break in a header',
      { Content: { Simple: { ...SIMPLE, Headers: [{ Name: 'X-A', Value: 'v\r\nBcc: x@y.z' }] } } },
      "BadRequestException|400|1 validation error detected: Value 'v\r\nBcc: x@y.z' at 'content.simple.headers.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[ -~]*$",
    ],
    [
      'bad tag name',
      { EmailTags: [{ Name: 'a b', Value: 'v' }] },
      "BadRequestException|400|Invalid tag name <a b>: only alphanumeric ASCII characters, '_',  '-' are allowed.",
    ],
    [
      'executable attachment',
      {
        Content: {
          Simple: { ...SIMPLE, Attachments: [{ FileName: 'run.EXE', RawContent: Buffer.from('x') }] },
        },
      },
      "BadRequestException|400|Attachment file type is not supported: 'run.EXE'.",
    ],
    [
      'unverified sender',
      { FromEmailAddress: 'Me <me@elsewhere.org>' },
      'MessageRejected|400|Email address is not verified. The following identities failed the check in region EU-WEST-1: Me <me@elsewhere.org>',
    ],
  ])('%s', async (_name, changes, expected) => {
    expect(await failure(f.send(changes))).toBe(expected);
    expect(await f.messages()).toEqual([]);
  });

  it('accepts 50 recipients, an encoded or plain display name and an unknown member', async () => {
    expect(
      await failure(f.send({ ...many(50), FromEmailAddress: '"Müller, K." <news@mail.example.com>' })),
    ).toBe('no failure');
  });

  it.each<[string, object, string | undefined]>([
    ['a number for a string', { FromEmailAddress: 5 }, 'NUMBER_VALUE can not be converted to a String'],
    ['a string for a structure', { Content: 'x' }, 'Expected null'],
    [
      'an object for a list',
      { Content: { Simple: SIMPLE }, Destination: { ToAddresses: {} } },
      'Expected list or null',
    ],
  ])('answers %s with SerializationException', async (_name, body, text) => {
    const credentials = await f.h.assume();
    const response = await signedFetch(
      f.h.url,
      'POST',
      '/v2/email/outbound-emails',
      credentials,
      JSON.stringify(body),
    );
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('SerializationException');
    expect(((await response.json()) as { message?: string }).message).toBe(text);
  });
});
