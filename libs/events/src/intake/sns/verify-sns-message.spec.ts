import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '#libs/config';
import { AppError } from '#libs/errors';
import { OutboundError, type OutboundRequest } from '#libs/outbound';
import { selfSignedCertificate } from '../../../../../apps/aws-sandbox/src/sns/certificate.js';
import { SANDBOX_SNS_KEY } from '../../../../../apps/aws-sandbox/src/sns/test-key.js';
import { Certificates } from './certificates.js';
import { parseSnsMessage, type SnsMessage } from './sns-message.js';
import { stringToSign } from './string-to-sign.js';
import { VerifySnsMessage } from './verify-sns-message.js';

/** Made with openssl, not with this code. */
const golden = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '../../../../../apps/aws-sandbox/src/testing/sns-vectors.json'),
    'utf8',
  ),
) as {
  topic_arn: string;
  signing_cert_url: string;
  certificate: string;
  vectors: { name: string; string_to_sign: string; message: SnsMessage }[];
};
const vectors = golden.vectors.map((vector) => [vector.name, vector] as const);
const environment = { DATABASE_URL: 'postgres://x/y', SESAME_KEYS: 'k:x' };

describe('a message of SNS', () => {
  let now: Date;
  let asked: OutboundRequest[];
  let answer: () => { status: number; body: string };
  let verify: VerifySnsMessage;
  const first = golden.vectors[0]?.message as SnsMessage;

  // The golden certificate is its own root, as a sandbox's is; it is fetched from where it says.
  const ownRoot = { SESAME_SNS_CERTIFICATE_ENDPOINT: 'https://sns.eu-west-1.amazonaws.com' };
  const start = (env: Record<string, string> = ownRoot) => {
    const http = {
      request: (request: OutboundRequest) => {
        asked.push(request);
        const { status, body } = answer();
        return Promise.resolve({
          status,
          headers: {},
          body: Buffer.from(body),
          truncated: false,
          url: request.url,
        });
      },
    };
    const certificates = new Certificates(http, loadConfig({ ...environment, ...env }));
    verify = new VerifySnsMessage(certificates, { now: () => now, nowMs: () => now.getTime() });
  };
  const refusal = (message: SnsMessage, topic: string | null = golden.topic_arn, isV2Expected = false) =>
    verify.execute(message, topic, isV2Expected).then(
      () => 'accepted',
      (error: unknown) => (error instanceof AppError ? error.code : error),
    );

  beforeEach(() => {
    now = new Date('2026-10-01T08:05:00Z');
    asked = [];
    answer = () => ({ status: 200, body: golden.certificate });
    start();
  });

  it.each(vectors)('is what was signed: %s', (_, { message, string_to_sign }) => {
    expect(stringToSign(parseSnsMessage(JSON.stringify(message)))).toBe(string_to_sign);
  });

  it.each(vectors)('is accepted: %s', async (_, { message }) => {
    expect(await refusal(parseSnsMessage(JSON.stringify(message)))).toBe('accepted');
    expect(asked.map(({ url }) => url)).toEqual([golden.signing_cert_url]);
  });

  it.each(
    vectors.flatMap(([name, { message }]) =>
      (['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type', 'Subject', 'Token', 'SubscribeURL'] as const)
        .filter((key) => key in message)
        .map((key) => [name, key, message] as const),
    ),
  )('is refused when it was changed: %s, %s', async (_, key, message) => {
    const changed = { ...message, [key]: changeOf(key, message) } as SnsMessage;
    expect(await refusal(changed, changed.TopicArn)).toMatch(/^sns\.(bad_signature|bad_certificate)$/);
  });

  it.each([
    ['the signature of another one', { Signature: golden.vectors[2]?.message.Signature ?? '' }],
    ['the other version of the signature', { SignatureVersion: first.SignatureVersion === '1' ? '2' : '1' }],
    ['no signature', { Signature: 'AAAA' }],
  ])('is refused with %s', async (_, fields) => {
    expect(await refusal({ ...first, ...fields } as SnsMessage)).toBe('sns.bad_signature');
  });

  it.each([
    ['another topic', `${golden.topic_arn}-2`],
    ['no topic yet', null],
  ])('is refused, and nothing fetched, for %s', async (_, topic) => {
    expect(await refusal(first, topic)).toBe('sns.wrong_topic');
    expect(asked).toEqual([]);
  });

  it('is refused, and nothing fetched, with version 1 of the signature where version 2 is expected', async () => {
    const of = (version: string) =>
      vectors.find(([, { message }]) => message.SignatureVersion === version)?.[1].message as SnsMessage;
    expect(await refusal(of('1'), golden.topic_arn, true)).toBe('sns.signature_version');
    expect(asked).toEqual([]);
    expect(await refusal(of('2'), golden.topic_arn, true)).toBe('accepted');
    expect(await refusal(of('1'))).toBe('accepted');
  });

  it('is refused, and nothing fetched, with a certificate from elsewhere', async () => {
    const elsewhere = { ...first, SigningCertURL: golden.signing_cert_url.replace('eu-west-1', 'us-east-1') };
    expect(await refusal(elsewhere)).toBe('sns.bad_certificate');
    expect(asked).toEqual([]);
  });

  it.each([
    ['Notification', first, 24 * 3600],
    [
      'confirmation',
      golden.vectors.find(({ message }) => message.Type !== 'Notification')?.message as SnsMessage,
      3600,
    ],
  ])('is refused when it is too old: %s', async (_, message, seconds) => {
    const at = Date.parse(message.Timestamp);
    now = new Date(at + seconds * 1000);
    expect(await refusal(message)).toBe('accepted');
    now = new Date(at + seconds * 1000 + 1);
    expect(await refusal(message)).toBe('sns.too_old');
    now = new Date(at - 3600 * 1000 - 1);
    expect(await refusal(message)).toBe('sns.too_old');
  });

  it.each([
    ['is no certificate', () => ({ status: 200, body: '<html>' })],
    ['is not there', () => ({ status: 404, body: '' })],
    ['is for somebody else', () => ({ status: 200, body: certificate({ commonName: 's3.amazonaws.com' }) })],
    ['is not valid yet', () => ({ status: 200, body: certificate({ notBefore: new Date('2026-11-01') }) })],
    [
      'is not valid any more',
      () => ({ status: 200, body: certificate({ notAfter: new Date('2026-09-01') }) }),
    ],
  ])('is refused when its certificate %s, which is not asked for again', async (_, serve) => {
    answer = serve;
    expect(await refusal(first)).toBe('sns.bad_certificate');
    expect(await refusal(first)).toBe('sns.bad_certificate');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['an error of the server', () => ({ status: 500, body: '' })],
    [
      'a failure of the network',
      () => {
        throw new OutboundError('outbound.timeout');
      },
    ],
  ])('is sent again, and not refused, after %s', async (_, fail) => {
    answer = fail;
    expect(await refusal(first)).toBe('sns.certificate_unavailable');
    answer = () => ({ status: 200, body: golden.certificate });
    expect(await refusal(first)).toBe('accepted');
  });

  it('asks for a certificate once, however many messages wait for it', async () => {
    await Promise.all(Array.from({ length: 20 }, () => refusal(first)));
    await refusal(first);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'GET', maxResponseBytes: 16_384, overflow: 'fail' });
    expect(asked[0]?.redirects ?? 0).toBe(0);
  });

  it('is refused when its certificate has issued itself, unless that comes from a sandbox', async () => {
    start({});
    expect(await refusal(first)).toBe('sns.bad_certificate');
    expect(asked.map(({ url }) => url)).toEqual([golden.signing_cert_url]);
  });

  it('fetches from the sandbox when it is told to', async () => {
    start({ SESAME_SNS_CERTIFICATE_ENDPOINT: 'http://127.0.0.1:4599' });
    expect(await refusal(first)).toBe('accepted');
    expect(asked.map(({ url }) => url)).toEqual([
      golden.signing_cert_url.replace('https://sns.eu-west-1.amazonaws.com', 'http://127.0.0.1:4599'),
    ]);
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a raw record', '{"eventType":"Send"}'],
    ['an unknown type', JSON.stringify({ ...first, Type: 'Invitation' })],
    ['an unknown signature version', JSON.stringify({ ...first, SignatureVersion: '3' })],
    ['a signature that is no base64', JSON.stringify({ ...first, Signature: 'not base64!' })],
    ['a Subject that is none', JSON.stringify({ ...first, Subject: 5 })],
    ['a time that is none', JSON.stringify({ ...first, Timestamp: 'now' })],
    ['an array', '[]'],
  ])('is malformed when it is %s', (_, body) => {
    expect(() => parseSnsMessage(body)).toThrow(AppError);
  });
});

function changeOf(key: string, message: SnsMessage): string {
  if (key === 'TopicArn') return message.TopicArn.replace('eu-west-1:4', 'eu-west-1:5');
  if (key === 'Timestamp') return message.Timestamp.replace(/\.\d{3}Z/, '.998Z');
  if (key === 'Type')
    return message.Type === 'SubscriptionConfirmation'
      ? 'UnsubscribeConfirmation'
      : 'SubscriptionConfirmation';
  return `${String((message as unknown as Record<string, string>)[key])}x`;
}

function certificate(fields: { commonName?: string; notBefore?: Date; notAfter?: Date }): string {
  return selfSignedCertificate({
    privateKey: createPrivateKey(SANDBOX_SNS_KEY),
    commonName: 'sns.amazonaws.com',
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2027-01-01'),
    ...fields,
  });
}
