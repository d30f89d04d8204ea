import { verify } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { certificatePathOf, snsHostOf } from './certificate-url.js';
import { badCertificate, Certificates } from './certificates.js';
import type { SnsMessage } from './sns-message.js';
import { stringToSign } from './string-to-sign.js';

const algorithms = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;

/**
 * How old a message may be: SNS tries for an hour at most. Whatever is younger has a receipt if it came before (kept for longer), so that
 * nothing can be played again.
 */
const MAX_AGE_MS = { notification: 24 * 3600 * 1000, confirmation: 3600 * 1000 };
const MAX_AHEAD_MS = 3600 * 1000;

/** Whether a message is SNS's own. A signature proves only that some topic sent it: that the topic is ours is asked first. */
@Injectable()
export class VerifySnsMessage {
  constructor(
    @Inject(Certificates) private readonly certificates: Certificates,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param isV2Expected the topic is known to sign with version 2 (SHA-256), so version 1 (SHA-1) is refused
   * @throws AppError sns.wrong_topic, sns.signature_version, sns.bad_certificate, sns.bad_signature, sns.too_old;
   *   sns.certificate_unavailable
   */
  async execute(message: SnsMessage, topicArn: string | null, isV2Expected: boolean): Promise<void> {
    const { TopicArn, SigningCertURL, SignatureVersion, Signature } = message;
    const host = snsHostOf(TopicArn);
    if (topicArn === null || TopicArn !== topicArn || host === undefined) throw wrongTopic();
    if (isV2Expected && SignatureVersion !== '2') throw oldSignature(TopicArn);
    const path = certificatePathOf(SigningCertURL, TopicArn);
    if (path === undefined) throw badCertificate();
    const { key, validFrom, validTo } = await this.certificates.get(host, path);
    const now = this.clock.now();
    if (now < validFrom || now > validTo) throw badCertificate();
    const signed = Buffer.from(stringToSign(message), 'utf8');
    if (!verify(algorithms[SignatureVersion], signed, key, Buffer.from(Signature, 'base64')))
      throw badSignature();
    this.requireFresh(message, now);
  }

  private requireFresh({ Timestamp, Type }: SnsMessage, now: Date): void {
    const age = now.getTime() - Date.parse(Timestamp);
    const limit = Type === 'Notification' ? MAX_AGE_MS.notification : MAX_AGE_MS.confirmation;
    if (age <= limit && age >= -MAX_AHEAD_MS) return;
    throw new AppError({
      code: 'sns.too_old',
      kind: 'forbidden',
      field: 'Timestamp',
      message: 'The message is too old, or of a time to come.',
    });
  }
}

function wrongTopic(): AppError {
  return new AppError({
    code: 'sns.wrong_topic',
    kind: 'forbidden',
    field: 'TopicArn',
    message: 'The message does not come from the topic of this connection.',
  });
}

function oldSignature(topicArn: string): AppError {
  return new AppError({
    code: 'sns.signature_version',
    kind: 'forbidden',
    field: 'SignatureVersion',
    message: 'The message is signed with version 1 (SHA-1), and its topic with version 2.',
    remedy: `aws sns set-topic-attributes --topic-arn ${topicArn} --attribute-name SignatureVersion --attribute-value 2`,
  });
}

function badSignature(): AppError {
  return new AppError({
    code: 'sns.bad_signature',
    kind: 'forbidden',
    field: 'Signature',
    message: 'The signature of the message is not valid.',
  });
}
