import { randomUUID } from 'node:crypto';
import type { Subscription, Topic } from '../state/topic.js';
import { signFields, snsSigner, type SignatureVersion, type SignedFields } from './signing.js';

export interface PublishedAttribute {
  readonly Type: string;
  readonly Value: string;
}

/** A message as published: one id and time for all subscribers and all its deliveries. */
export interface SnsMessage {
  readonly fields: SignedFields;
  readonly attributes: Readonly<Record<string, PublishedAttribute>>;
  /** Signatures made so far: the same for every subscriber. */
  readonly signatures: Partial<Record<SignatureVersion, string>>;
}

/** Where SNS really is; the certificate and the subscribe page lie at the same paths of the sandbox. */
const snsOrigin = (region: string): string => `https://sns.${region}.amazonaws.com`;

export const newNotification = (
  topic: Topic,
  now: number,
  message: string,
  subject?: string,
  attributes: SnsMessage['attributes'] = {},
): SnsMessage => ({
  fields: {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topic.arn,
    Subject: subject,
    Message: message,
    Timestamp: new Date(now).toISOString(),
  },
  attributes,
  signatures: {},
});

/** The message that asks an endpoint to confirm, or tells it that it was unsubscribed and may come back. */
export const newConfirmation = (
  type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation',
  topic: Topic,
  subscription: Subscription,
  now: number,
): SnsMessage => ({
  fields: {
    Type: type,
    MessageId: randomUUID(),
    Token: subscription.token,
    TopicArn: topic.arn,
    Message:
      type === 'SubscriptionConfirmation'
        ? `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
        : `You have chosen to deactivate subscription ${subscription.arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${snsOrigin(topic.region)}/?Action=ConfirmSubscription&TopicArn=${topic.arn}&Token=${subscription.token}`,
    Timestamp: new Date(now).toISOString(),
  },
  attributes: {},
  signatures: {},
});

export const signatureVersionOf = (topic: Topic): SignatureVersion =>
  topic.attributes.get('SignatureVersion') === '2' ? '2' : '1';

/** The JSON an endpoint or queue gets, its members in SNS's order. */
export const envelopeJson = (topic: Topic, message: SnsMessage, subscription: Subscription): string => {
  const version = signatureVersionOf(topic);
  const { key, certificatePath } = snsSigner();
  const { Type, MessageId, Token, TopicArn, Subject, Message, SubscribeURL, Timestamp } = message.fields;
  const origin = snsOrigin(topic.region);
  return JSON.stringify(
    {
      Type,
      MessageId,
      Token,
      TopicArn,
      Subject,
      Message,
      SubscribeURL,
      Timestamp,
      SignatureVersion: version,
      Signature: (message.signatures[version] ??= signFields(message.fields, version, key)),
      SigningCertURL: `${origin}${certificatePath}`,
      UnsubscribeURL:
        Type === 'Notification'
          ? `${origin}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`
          : undefined,
      MessageAttributes: Object.keys(message.attributes).length > 0 ? message.attributes : undefined,
    },
    null,
    2,
  );
};
