import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import {
  issuedCertificate,
  selfSignedCertificate,
  type CertificateOptions,
} from '../../../../../apps/aws-sandbox/src/sns/certificate.js';
import { SANDBOX_SNS_KEY } from '../../../../../apps/aws-sandbox/src/sns/test-key.js';
import { chainOf, readPem } from './certificate-chain.js';
import { readCertificate } from './check-certificate.js';

const host = 'sns.eu-west-1.amazonaws.com';
const newKey = (modulusLength = 2048): KeyObject => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const options = (fields: Partial<CertificateOptions>): CertificateOptions => ({
  privateKey: createPrivateKey(SANDBOX_SNS_KEY),
  commonName: 'sns.amazonaws.com',
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
  ...fields,
});
const parse = (pem: string) => new X509Certificate(pem);

const root = options({ commonName: 'Own Root', privateKey: newKey(), isAuthority: true });
const middle = options({
  commonName: 'Own CA',
  privateKey: newKey(),
  isAuthority: true,
  notBefore: new Date('2026-03-01T00:00:00Z'),
  notAfter: new Date('2026-09-01T00:00:00Z'),
});
const rootPem = selfSignedCertificate(root);
const middlePem = issuedCertificate(middle, root);
const leafPem = issuedCertificate(options({}), middle);

describe('a certificate', () => {
  it.each([
    ['of all old regions', 'sns.amazonaws.com', host],
    ['of the host itself', host, host],
    ['of an opt-in region', 'sns-signing.af-south-1.amazonaws.com', 'sns.af-south-1.amazonaws.com'],
    ['of GovCloud', 'sns-us-gov-west-1.amazonaws.com', 'sns.us-gov-east-1.amazonaws.com'],
    ['of China', 'sns-cn-north-1.amazonaws.com.cn', 'sns.cn-north-1.amazonaws.com.cn'],
    ['of the sovereign cloud', 'sns-signing.eusc-de-east-1.amazonaws.eu', 'sns.eusc-de-east-1.amazonaws.eu'],
  ])('is taken with the name %s', (_, commonName, of) => {
    expect(readCertificate(issuedCertificate(options({ commonName }), middle), of)).toBeDefined();
  });

  it.each([
    ['of another service', 's3.amazonaws.com'],
    ['of another region', 'sns.us-east-1.amazonaws.com'],
    ['of another region that signs under its own', 'sns-signing.af-south-1.amazonaws.com'],
    ['with a wildcard', '*.eu-west-1.amazonaws.com'],
    ['that only begins like it', `${host}.evil.example`],
  ])('is refused with a name %s', (_, commonName) => {
    expect(readCertificate(issuedCertificate(options({ commonName }), middle), host)).toBeUndefined();
  });

  it('says how long it may be used', () => {
    expect(readCertificate(leafPem, host)).toMatchObject({
      validFrom: new Date('2026-01-01T00:00:00Z'),
      validTo: new Date('2027-01-01T00:00:00Z'),
    });
  });

  it.each([
    ['has issued itself', selfSignedCertificate(options({}))],
    ['comes with a chain that somebody made', leafPem + middlePem + rootPem],
    ['comes with a chain that ends before a root', leafPem + middlePem],
    ['comes with a public root that has not issued it', leafPem + (rootCertificates[0] ?? '')],
    [
      'comes with the key of another authority',
      issuedCertificate(options({}), { ...middle, privateKey: newKey() }) + middlePem,
    ],
    ['may issue others', issuedCertificate(options({ isAuthority: true }), middle)],
    ['has a short key', issuedCertificate(options({ privateKey: newKey(1024) }), middle)],
    ['is none', 'hello'],
    ['is broken', leafPem.replace(/\n[^-]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')],
    ['comes with too many', leafPem + middlePem.repeat(6)],
  ])('is refused when it %s', (_, pem) => {
    expect(readCertificate(pem, host)).toBeUndefined();
  });

  it('that has issued itself is taken from a sandbox, and a chain that leads nowhere is not', () => {
    expect(readCertificate(selfSignedCertificate(options({})), host, true)).toBeDefined();
    expect(readCertificate(leafPem + middlePem, host, true)).toBeUndefined();
  });
});

describe('the chain of a certificate', () => {
  const roots = [parse(rootPem)];
  // A chain is valid no longer than the shortest of it.
  const short = ['2026-03-01T00:00:00Z', '2026-09-01T00:00:00Z'] as const;
  const long = ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'] as const;

  it.each([
    ['leads to a root', [middlePem], 'root', short],
    ['leads to a root that was sent along', [middlePem, rootPem], 'root', short],
    ['leads to a root, in whatever order it was sent', [rootPem, middlePem], 'root', short],
    ['is open when only the leaf was sent', [], 'open', long],
    ['ends when the intermediate is missing', [rootPem], 'nowhere', long],
  ] as const)('%s', (_, others, end, [from, to]) => {
    const found = chainOf(parse(leafPem), others.map(parse), roots);
    expect(found).toEqual({ end, validFrom: new Date(from), validTo: new Date(to) });
  });

  it('does not go over a certificate that may issue nothing', () => {
    const end = options({ commonName: 'somebody.example', privateKey: newKey() });
    const forged = issuedCertificate(options({}), end);
    const chain = chainOf(parse(forged), [parse(issuedCertificate(end, root))], roots);
    expect(chain.end).toBe('nowhere');
  });

  it('of a public authority leads to the roots of Node.js', () => {
    const [pem = ''] = rootCertificates;
    expect(chainOf(parse(pem), []).end).toBe('root');
  });

  it('is read from a file in its order', () => {
    expect(readPem(leafPem + middlePem)?.map(({ subject }) => subject)).toEqual([
      'CN=sns.amazonaws.com',
      'CN=Own CA',
    ]);
  });
});
