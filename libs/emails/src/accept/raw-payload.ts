import { formatMailbox, type Mailbox } from './addresses.js';
import { quotedBase64, withField } from './json-text.js';
import { EMAIL_ID_TAG } from './payload.js';

/** Who gets a raw message, by what its headers say of them. */
export interface RawDestination {
  to: readonly string[];
  cc: readonly string[];
  /** In the envelope, and in neither To nor Cc. */
  bcc: readonly string[];
}

/**
 * The body of SendEmail with Raw content. SES takes the recipients from Destination, not from the headers, and writes none
 * into them: so the envelope is honoured and Bcc stays hidden.
 */
export function rawPayload(
  emailId: string,
  from: Mailbox,
  destination: RawDestination,
  message: Buffer,
): string {
  const { to, cc, bcc } = destination;
  const envelope = JSON.stringify({
    // Of one mailbox and equal to the header, so that what was checked is what is sent.
    FromEmailAddress: formatMailbox(from),
    Destination: {
      ...(to.length > 0 && { ToAddresses: to }),
      ...(cc.length > 0 && { CcAddresses: cc }),
      ...(bcc.length > 0 && { BccAddresses: bcc }),
    },
    EmailTags: [{ Name: EMAIL_ID_TAG, Value: emailId }],
  });
  return withField(envelope, 'Content', `{"Raw":{"Data":${quotedBase64(message.toString('base64'))}}}`);
}
