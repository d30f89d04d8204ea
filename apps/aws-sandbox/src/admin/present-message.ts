import PostalMime from 'postal-mime';
import { parseRawMessage } from '../sesv2/send/raw-message.js';
import type { NameValue, StoredMessage } from '../state/message.js';
import { buildRaw, readParts } from './build-raw.js';

export interface PresentedMessage {
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly NameValue[];
  readonly [member: string]: unknown;
}

const envelope = (message: StoredMessage): Record<string, unknown> => ({
  message_id: message.messageId,
  account_id: message.accountId,
  region: message.region,
  at: new Date(message.at).toISOString(),
  action: message.action,
  content_type: message.kind.toLowerCase(),
  from: message.from,
  to: message.to,
  cc: message.cc,
  bcc: message.bcc,
  reply_to: message.replyTo,
  tags: message.tags,
  configuration_set: message.configurationSet,
  identity_arn: message.identityArn,
  principal_arn: message.principalArn,
  outcomes: message.outcomes,
});

/** One message as the admin API shows it. The MIME text is made here, not when the message was sent. */
export const presentMessage = async (message: StoredMessage, withRaw: boolean): Promise<PresentedMessage> => {
  if (message.kind === 'Raw' && message.content !== null) {
    const parsed = await PostalMime.parse(message.content);
    return {
      ...envelope(message),
      subject: parsed.subject ?? '',
      text: parsed.text ?? null,
      html: parsed.html ?? null,
      headers: parseRawMessage(message.content).headers,
      ...(withRaw ? { raw: (await buildRaw(message)).toString('utf8') } : {}),
    };
  }
  const { subject, text, html, content } = readParts(message);
  return {
    ...envelope(message),
    subject,
    text,
    html,
    headers: (content?.Headers ?? []).map(({ Name, Value }) => ({ name: Name, value: Value })),
    ...(withRaw ? { raw: (await buildRaw(message)).toString('utf8') } : {}),
  };
};
