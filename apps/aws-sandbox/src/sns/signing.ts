import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { selfSignedCertificate } from './certificate.js';
import { SANDBOX_SNS_KEY } from './test-key.js';

export type SignatureVersion = '1' | '2';

/** The members of a message that are signed, as they stand in its JSON. */
export interface SignedFields {
  readonly Type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
  readonly Subject?: string | undefined;
  readonly Token?: string | undefined;
  readonly SubscribeURL?: string | undefined;
}

/** In byte order; a confirmation has no subject, a notification neither token nor SubscribeURL. */
const SIGNED_KEYS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** `key LF value LF` of every signed member that is there. */
export const stringToSign = (fields: SignedFields): string =>
  SIGNED_KEYS[fields.Type]
    .flatMap((key) => (fields[key] === undefined ? [] : [`${key}\n${fields[key]}\n`]))
    .join('');

export const signFields = (fields: SignedFields, version: SignatureVersion, key: KeyObject): string =>
  sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(stringToSign(fields)), key).toString('base64');

/** Key and certificate, made at the first message: most runs of the sandbox never sign one. */
export interface SnsSigner {
  readonly key: KeyObject;
  readonly certificate: string;
  /** Path of the certificate on every host of SNS. */
  readonly certificatePath: string;
}

let signer: SnsSigner | null = null;

export const snsSigner = (): SnsSigner => {
  if (signer !== null) return signer;
  const key = createPrivateKey(SANDBOX_SNS_KEY);
  const certificate = selfSignedCertificate({
    privateKey: key,
    commonName: 'sns.amazonaws.com',
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2049-12-31T23:59:59Z'),
  });
  // The id follows from the certificate: another one can never hide behind a cached URL.
  const id = createHash('md5').update(certificate).digest('hex');
  return (signer = { key, certificate, certificatePath: `/SimpleNotificationService-${id}.pem` });
};
