import { createPrivateKey, createVerify, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { selfSignedCertificate } from './certificate.js';
import { signFields, snsSigner, stringToSign, type SignedFields } from './signing.js';

interface Vectors {
  readonly signing_cert_url: string;
  readonly certificate: string;
  readonly vectors: {
    readonly name: string;
    readonly string_to_sign: string;
    readonly message: SignedFields & { readonly SignatureVersion: '1' | '2'; readonly Signature: string };
  }[];
}

/** Written from the documentation alone: what a subscriber has to do with a message. */
const isGenuine = (message: Record<string, string>, certificate: string): boolean => {
  const keys =
    message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const algorithm = message['SignatureVersion'] === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
  const verifier = createVerify(algorithm);
  for (const key of keys) if (key in message) verifier.update(`${key}\n${message[key]}\n`);
  return verifier.verify(new X509Certificate(certificate).publicKey, message['Signature'] ?? '', 'base64');
};

describe('signatures of SNS', () => {
  let golden: Vectors;
  beforeAll(async () => {
    const file = join(import.meta.dirname, '..', 'testing', 'sns-vectors.json');
    golden = JSON.parse(await readFile(file, 'utf8')) as Vectors;
  });

  it('are those of the golden vectors, which openssl made: all message types, both versions', () => {
    expect(golden.vectors.map(({ message }) => `${message.Type} ${message.SignatureVersion}`)).toEqual([
      'Notification 1',
      'Notification 2',
      'Notification 1',
      'Notification 2',
      'SubscriptionConfirmation 1',
      'SubscriptionConfirmation 2',
      'UnsubscribeConfirmation 1',
      'UnsubscribeConfirmation 2',
    ]);
    const { key, certificate, certificatePath } = snsSigner();
    expect(certificate).toBe(golden.certificate);
    expect(golden.signing_cert_url).toBe(`https://sns.eu-west-1.amazonaws.com${certificatePath}`);
    for (const { string_to_sign: text, message } of golden.vectors) {
      expect(stringToSign(message)).toBe(text);
      expect(signFields(message, message.SignatureVersion, key)).toBe(message.Signature);
      expect(isGenuine(message as never, golden.certificate)).toBe(true);
    }
  });

  it('do not hold for a changed message or the other version', () => {
    for (const { message } of golden.vectors) {
      const other = { ...message, SignatureVersion: message.SignatureVersion === '1' ? '2' : '1' };
      expect(isGenuine(other as never, golden.certificate)).toBe(false);
      expect(isGenuine({ ...message, Message: `${message.Message} ` } as never, golden.certificate)).toBe(
        false,
      );
    }
  });
});

describe('selfSignedCertificate', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  it('is a certificate as Node reads one', () => {
    const pem = selfSignedCertificate({
      privateKey: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      commonName: 'sns.amazonaws.com',
      notBefore: new Date('2020-02-03T04:05:06Z'),
      notAfter: new Date('2061-01-02T03:04:05Z'),
      serialNumber: '0badcafe',
    });
    const certificate = new X509Certificate(pem);
    const { subject, issuer, subjectAltName, serialNumber, ca } = certificate;
    expect({ subject, issuer, subjectAltName, serialNumber, ca }).toEqual({
      subject: 'CN=sns.amazonaws.com',
      issuer: 'CN=sns.amazonaws.com',
      subjectAltName: 'DNS:sns.amazonaws.com',
      serialNumber: '0BADCAFE',
      ca: false,
    });
    expect([Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]).toEqual([
      Date.parse('2020-02-03T04:05:06Z'),
      Date.parse('2061-01-02T03:04:05Z'),
    ]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });
});
