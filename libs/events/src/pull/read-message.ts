import { z } from 'zod';

const envelope = z.object({ Type: z.string(), MessageId: z.string().min(1).max(100), Message: z.string() });

/** What SES says of its own accord when an event destination is made (aws.md E.3). */
const testMessage = 'Successfully validated SNS topic for Amazon SES event publishing.';

export interface TakenRecord {
  /** SNS's id where there is an envelope: the same message over HTTPS has the same. */
  transportId: string;
  body: string;
}

/**
 * The record of SES in a message of a queue: inside SNS's envelope, or bare where raw delivery is on. Who may write to the queue is its
 * policy's matter, so the envelope's signature is not looked at.
 *
 * @returns undefined for what carries no event
 */
export function readMessage(messageId: string, body: string): TakenRecord | undefined {
  const parsed = envelope.safeParse(parse(body));
  if (!parsed.success) return { transportId: messageId, body };
  const { Type, MessageId, Message } = parsed.data;
  if (Type !== 'Notification' || Message.startsWith(testMessage)) return undefined;
  return { transportId: MessageId, body: Message };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
