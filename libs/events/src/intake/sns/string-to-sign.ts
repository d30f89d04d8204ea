import type { SnsMessage } from './sns-message.js';

const keysOf = {
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
  // Not the keys of a Notification, as some validators have it.
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const satisfies Record<SnsMessage['Type'], readonly string[]>;

/** What SNS has signed: name and value of some keys, each on a line of its own, in this order; a key that is absent is left out. */
export function stringToSign(message: SnsMessage): string {
  const values: Readonly<Record<string, string | undefined>> = message;
  return keysOf[message.Type]
    .map((key) => {
      const value = values[key];
      return value === undefined ? '' : `${key}\n${value}\n`;
    })
    .join('');
}
