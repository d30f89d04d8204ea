import { z } from 'zod';
import { AppError } from '#libs/errors';

const common = {
  MessageId: z.string().min(1).max(100),
  TopicArn: z.string().max(400),
  Message: z.string(),
  // As SNS writes it: what is signed is this text.
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64().min(1).max(2_000),
  SigningCertURL: z.string().max(500),
};
const confirmation = { Token: z.string().min(1).max(2_000), SubscribeURL: z.string().max(4_000) };

/** What SNS posts (SNS developer guide, "HTTP/HTTPS notification JSON format"). `Type` of the body counts: headers are not signed. */
const snsMessageSchema = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), Subject: z.string().optional(), ...common }),
  z.object({ Type: z.literal('SubscriptionConfirmation'), ...common, ...confirmation }),
  z.object({ Type: z.literal('UnsubscribeConfirmation'), ...common, ...confirmation }),
]);
export type SnsMessage = z.infer<typeof snsMessageSchema>;

/** @param body text, or JSON that was parsed already @throws AppError sns.malformed */
export function parseSnsMessage(body: unknown): SnsMessage {
  const result = snsMessageSchema.safeParse(typeof body === 'string' ? parseJson(body) : body);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.join('.') ?? '';
  throw new AppError({
    code: 'sns.malformed',
    kind: 'malformed',
    message: 'The body is not a message of Amazon SNS.',
    ...(field !== '' && { field }),
    remedy:
      'Raw message delivery must be off for the subscription: without its envelope a message cannot be verified.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
