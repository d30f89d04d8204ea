import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';

interface WirePayload {
  Content?: {
    Raw?: { Data?: string };
    Simple?: { Attachments?: { RawContent?: string }[] };
  };
}

/** The wire JSON of SendEmail as input of the SDK's command, whose blobs are bytes and not base64. */
export function toSendEmailInput(payload: string): SendEmailCommandInput {
  const wire = JSON.parse(payload) as WirePayload & Record<string, unknown>;
  const { Raw, Simple } = wire.Content ?? {};
  if (Raw?.Data !== undefined) Object.assign(Raw, { Data: Buffer.from(Raw.Data, 'base64') });
  for (const attachment of Simple?.Attachments ?? []) {
    if (attachment.RawContent !== undefined)
      Object.assign(attachment, { RawContent: Buffer.from(attachment.RawContent, 'base64') });
  }
  return wire as unknown as SendEmailCommandInput;
}
