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

  /** @throws AppError sns.wrong_topic, sns.bad_certificate, sns.bad_signature, sns.too_old; sns.certificate_unavailable */
  async execute(message: SnsMessage, topicArn: string | null): Promise<void> {
    const { TopicArn, SigningCertURL, SignatureVersion, Signature } = message;
    const host = snsHostOf(TopicArn);
    if (topicArn === null || TopicArn !== topicArn || host === undefined) throw wrongTopic();
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

function badSignature(): AppError {
  return new AppError({
    code: 'sns.bad_signature',
    kind: 'forbidden',
    field: 'Signature',
    message: 'The signature of the message is not valid.',
  });
}
