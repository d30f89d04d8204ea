import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawRequest } from '../http/request.js';
import { Sha256 } from '../testing/signed-fetch.js';
import { AuthFailure } from './auth-failure.js';
import { verifySignature, type KnownKey } from './verify-signature.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const KEY: KnownKey = { secretAccessKey: 'made-up-secret', sessionToken: null, expiresAt: null };
const SESSION: KnownKey = {
  secretAccessKey: 'made-up-session-secret',
  sessionToken: 'token-of-the-session',
  expiresAt: NOW + 1000,
};
const KEYS: Readonly<Record<string, KnownKey>> = { AKIAUSER: KEY, ASIASESSION: SESSION };

interface Shape {
  method?: string;
  path?: string;
  rawPath?: string;
  query?: Record<string, string | string[]>;
  rawQuery?: string;
  headers?: Record<string, string>;
  body?: string;
  at?: number;
  key?: 'AKIAUSER' | 'ASIASESSION';
  service?: string;
  region?: string;
}

const sign = async (shape: Shape): Promise<RawRequest> => {
  const {
    method = 'POST',
    path = '/v2/email/account',
    query = {},
    headers = {},
    body = '',
    at = NOW,
    key = 'AKIAUSER',
  } = shape;
  const known = KEYS[key] ?? KEY;
  const signer = new SignatureV4({
    service: shape.service ?? 'ses',
    region: shape.region ?? 'eu-west-1',
    sha256: Sha256,
    credentials: {
      accessKeyId: key,
      secretAccessKey: known.secretAccessKey,
      ...(known.sessionToken === null ? {} : { sessionToken: known.sessionToken }),
    },
  });
  const signed = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: 'localhost',
      path,
      query,
      headers: { host: 'localhost:4599', ...headers },
      body,
    },
    { signingDate: new Date(at) },
  );
  return {
    method,
    rawPath: shape.rawPath ?? path,
    rawQuery: shape.rawQuery ?? '',
    headers: Object.fromEntries(
      Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
    onGone: () => () => undefined,
  };
};

const verify = (request: RawRequest, now = NOW): string => {
  try {
    return verifySignature(request, {
      protocol: 'rest-json',
      service: 'ses',
      now,
      windowMs: 300_000,
      isRegion: (region) => region === 'eu-west-1',
      findKey: (id) => KEYS[id],
    }).region;
  } catch (error) {
    if (error instanceof AuthFailure) return `${error.kind}: ${error.message}`;
    throw error;
  }
};

const MISMATCH = /^signature: The request signature we calculated does not match/;

describe('verifySignature', () => {
  it('accepts what the SDK signs, whatever path, query and body', async () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => text !== '.' && text !== '..' && text !== '__proto__');
    const encode = (text: string): string =>
      encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 3 }),
        fc.dictionary(segment, fc.oneof(segment, fc.array(segment, { minLength: 1, maxLength: 3 })), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
        fc.string(),
        fc.boolean(),
        async (segments, query, body, isSession) => {
          const path = `/v2/email/${segments.map(encode).join('/')}`;
          const rawQuery = Object.entries(query)
            .flatMap(([name, value]) => [value].flat().map((item) => `${encode(name)}=${encode(item)}`))
            .join('&');
          const request = await sign({
            path,
            query,
            rawQuery,
            body,
            key: isSession ? 'ASIASESSION' : 'AKIAUSER',
          });
          expect(verify(request)).toBe('eu-west-1');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('encodes the path of an identity call twice', async () => {
    const request = await sign({ path: '/v2/email/identities/news%40example.com' });
    expect(verify(request)).toBe('eu-west-1');
    expect(verify({ ...request, rawPath: '/v2/email/identities/news@example.com' })).toMatch(MISMATCH);
  });

  it.each<[string, (request: RawRequest) => RawRequest]>([
    ['method', (r) => ({ ...r, method: 'PUT' })],
    ['path', (r) => ({ ...r, rawPath: '/v2/email/other' })],
    ['query', (r) => ({ ...r, rawQuery: 'a=b' })],
    ['body', (r) => ({ ...r, body: Buffer.from('changed') })],
    ['host', (r) => ({ ...r, headers: { ...r.headers, host: 'elsewhere' } })],
    [
      'content hash header',
      (r) => ({ ...r, headers: { ...r.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
    ],
    [
      'signature',
      (r) => ({ ...r, headers: { ...r.headers, authorization: `${r.headers.authorization ?? ''}0` } }),
    ],
  ])('notices a changed %s', async (_name, change) => {
    expect(verify(change(await sign({ body: '{}' })))).toMatch(MISMATCH);
  });

  it.each<[string, Shape, (request: RawRequest) => RawRequest, RegExp]>([
    [
      'no authorization',
      {},
      (r) => ({ ...r, headers: { host: 'x' } }),
      /^missing: Missing Authentication Token$/,
    ],
    [
      'another algorithm',
      {},
      (r) => ({ ...r, headers: { ...r.headers, authorization: 'Bearer x' } }),
      /^incomplete: Unsupported AWS 'algorithm'/,
    ],
    [
      'a missing part',
      {},
      (r) => ({
        ...r,
        headers: {
          ...r.headers,
          authorization: 'AWS4-HMAC-SHA256 Credential=A/20261124/eu-west-1/ses/aws4_request',
        },
      }),
      /^incomplete: Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\./,
    ],
    [
      'a short credential',
      {},
      (r) => ({
        ...r,
        headers: {
          ...r.headers,
          authorization: 'AWS4-HMAC-SHA256 Credential=A/x, SignedHeaders=host, Signature=x',
        },
      }),
      /^incomplete: Credential must have exactly 5/,
    ],
    [
      'an unknown key',
      {},
      (r) => ({
        ...r,
        headers: {
          ...r.headers,
          authorization: (r.headers.authorization ?? '').replace('AKIAUSER', 'AKIAOTHER'),
        },
      }),
      /^unknown_token: The security token included in the request is invalid\.$/,
    ],
    [
      'a session key without its token',
      { key: 'ASIASESSION' },
      (r) => ({ ...r, headers: { ...r.headers, 'x-amz-security-token': undefined } }),
      /^unknown_token/,
    ],
    [
      'a session key with another token',
      { key: 'ASIASESSION' },
      (r) => ({ ...r, headers: { ...r.headers, 'x-amz-security-token': 'other' } }),
      /^unknown_token/,
    ],
    [
      'a long-term key with a token',
      {},
      (r) => ({ ...r, headers: { ...r.headers, 'x-amz-security-token': 'token-of-the-session' } }),
      /^unknown_token/,
    ],
    [
      'a region without the service',
      { region: 'ap-east-1' },
      (r) => r,
      /^signature: Credential should be scoped to a valid Region, not 'ap-east-1'\.$/,
    ],
    [
      'another service',
      { service: 'email' },
      (r) => r,
      /^signature: Credential should be scoped to correct service: 'ses'\.$/,
    ],
    [
      'an old date',
      { at: NOW - 301_000 },
      (r) => r,
      /^signature: Signature expired: 20261124T115459Z is now earlier than 20261124T115500Z \(20261124T120000Z - 5 min\.\)$/,
    ],
    [
      'a future date',
      { at: NOW + 301_000 },
      (r) => r,
      /^signature: Signature not yet current: 20261124T120501Z is still later than 20261124T120500Z/,
    ],
    [
      'no date',
      {},
      (r) => ({ ...r, headers: { ...r.headers, 'x-amz-date': undefined } }),
      /^incomplete: Authorization header requires existence of either/,
    ],
    [
      'an unsigned host',
      {},
      (r) => ({
        ...r,
        headers: { ...r.headers, authorization: (r.headers.authorization ?? '').replace('host;', '') },
      }),
      /^signature: 'Host' or ':authority' must be a 'SignedHeader'/,
    ],
    [
      'an unsigned date',
      {},
      (r) => ({
        ...r,
        headers: { ...r.headers, authorization: (r.headers.authorization ?? '').replace(';x-amz-date', '') },
      }),
      /^signature: 'x-amz-date' is present and must be/,
    ],
  ])('refuses %s', async (_name, shape, change, expected) => {
    expect(verify(change(await sign(shape)))).toMatch(expected);
  });

  it('accepts 299 seconds of skew and refuses an expired session whatever the skew', async () => {
    expect(verify(await sign({ at: NOW - 299_000 }))).toBe('eu-west-1');
    const request = await sign({ key: 'ASIASESSION' });
    expect(verify(request, NOW + 999)).toBe('eu-west-1');
    expect(verify(request, NOW + 1000)).toBe(
      'expired_token: The security token included in the request is expired',
    );
  });
});
