import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import type { SessionCredentials } from './credentials.js';
import { RequestSigner } from './sigv4.js';

type Bytes = string | ArrayBuffer | ArrayBufferView;
const bytesOf = (data: Bytes) =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data);

/** What the oracle hashes with. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: Bytes): void {
    this.hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }

  reset(): void {
    throw new Error('not used');
  }
}

interface Case {
  credentials: SessionCredentials;
  region: string;
  service: string;
  host: string;
  path: string;
}

/** The headers that AWS's own signer makes of the same request with the same headers signed. */
async function oracle(
  { credentials, region, service, host, path }: Case,
  body: string | Buffer,
  nowMs: number,
) {
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const [hostname = '', port] = host.split(':');
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname,
    ...(port !== undefined && { port: Number(port) }),
    path,
    query: {},
    headers: { host, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  };
  return (await signer.sign(request, { signingDate: new Date(nowMs) })).headers;
}

const signerOf = ({ credentials, region, service, host, path }: Case) =>
  new RequestSigner(credentials, region, service, host, path);

const example: Case = {
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==',
    expiresAt: new Date('2026-08-05T13:00:00Z'),
  },
  region: 'eu-west-1',
  service: 'ses',
  host: 'email.eu-west-1.amazonaws.com',
  path: '/v2/email/outbound-emails',
};

const word = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const cases: fc.Arbitrary<Case> = fc.record({
  credentials: fc.record({
    accessKeyId: word('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16, 20),
    secretAccessKey: word(`${alphanumeric}/+`, 40, 40),
    sessionToken: word(`${alphanumeric}/+=`, 1, 400),
    expiresAt: fc.constant(new Date(0)),
  }),
  region: fc.constantFrom('eu-west-1', 'us-east-1', 'us-gov-west-1', 'ap-southeast-5', 'eusc-de-east-1'),
  service: fc.constantFrom('ses', 'sts', 'sns'),
  host: fc.constantFrom(
    'email.eu-west-1.amazonaws.com',
    '127.0.0.1:4566',
    'localhost:80',
    'ses.example.com:8443',
  ),
  path: fc
    .array(
      word(`${alphanumeric}-_.~`, 1, 8).filter((segment) => !/^\.+$/.test(segment)),
      { maxLength: 3 },
    )
    .map((segments) => `${segments.map((segment) => `/${segment}`).join('')}/v2/email/outbound-emails`),
});
const times = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2100-01-01') });
const bodies = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.json(),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
);

describe('RequestSigner', () => {
  it('signs as @smithy/signature-v4 does, whatever the credentials, region, host, path, time and body', async () => {
    await fc.assert(
      fc.asyncProperty(cases, bodies, times, async (one, body, nowMs) => {
        const { host: _, ...expected } = await oracle(one, body, nowMs);
        expect(signerOf(one).sign(body, nowMs)).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('signs right again and again with one signer, through midnight and back', async () => {
    const signer = signerOf(example);
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.integer({ min: -3, max: 3 }),
        fc.integer({ min: -2, max: 2 }),
        async (body, days, ms) => {
          const nowMs = Date.parse('2026-08-05T00:00:00Z') + days * 86_400_000 + ms;
          const { host: _, ...expected } = await oracle(example, body, nowMs);
          expect(signer.sign(body, nowMs)).toEqual(expected);
        },
      ),
      { seed: 2, numRuns: 100 },
    );
  });

  it('signs content type, host, date and token, and nothing that a proxy may change', () => {
    const headers = signerOf(example).sign('{}', Date.parse('2026-08-05T11:52:01.858Z'));
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-amz-date': '20260805T115201Z',
      'x-amz-security-token': example.credentials.sessionToken,
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE\/20260805\/eu-west-1\/ses\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
      ),
    });
  });

  it('signs text as its UTF-8 bytes', () => {
    const signer = signerOf(example);
    const nowMs = Date.parse('2026-08-05T11:52:01Z');
    expect(signer.sign('{"a":"ä€😀"}', nowMs)).toEqual(signer.sign(Buffer.from('{"a":"ä€😀"}'), nowMs));
  });

  it.each<[string, Partial<Case>, string, number]>([
    ['the body', {}, '{ }', 0],
    ['the second', {}, '{}', 1_000],
    ['the day', {}, '{}', 86_400_000],
    ['the region', { region: 'eu-west-2' }, '{}', 0],
    ['the service', { service: 'sts' }, '{}', 0],
    ['the host', { host: 'email.eu-west-2.amazonaws.com' }, '{}', 0],
    ['the path', { path: '/v2/email/account' }, '{}', 0],
    ['the secret', { credentials: { ...example.credentials, secretAccessKey: 'other' } }, '{}', 0],
    ['the token', { credentials: { ...example.credentials, sessionToken: 'other' } }, '{}', 0],
  ])('gives another signature when %s changes', (_, change, body, laterMs) => {
    const nowMs = Date.parse('2026-08-05T11:52:01Z');
    const signature = (headers: Record<string, string>) => headers['authorization']?.split('Signature=')[1];
    const first = signature(signerOf(example).sign('{}', nowMs));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(signature(signerOf({ ...example, ...change }).sign(body, nowMs + laterMs))).not.toBe(first);
  });
});
