import { randomUUID } from 'node:crypto';
import type { Outcome } from '../../state/outcome.js';
import type { StoredMessage } from '../../state/message.js';
import type { EventTypeName } from './event-types.js';

/** One event about a message, before it knows where it goes. */
export interface SesEvent {
  readonly type: EventTypeName;
  readonly payload: Readonly<Record<string, unknown>>;
}

const newFeedbackId = (message: StoredMessage): string =>
  `${message.messageId.slice(0, 16)}-${randomUUID()}-000000`;

interface BounceText {
  readonly status: string;
  readonly diagnosticCode: string;
  readonly reportingMTA: string;
}

const SUPPRESSED_BY_LIST =
  'removing addresses from the suppression list, see the Amazon SES Developer Guide at https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html';

const BOUNCE_TEXTS: Readonly<Record<string, BounceText>> = {
  'Permanent/General': {
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 user unknown',
    reportingMTA: 'dns; e1.smtp-out.amazonses.com',
  },
  'Permanent/NoEmail': {
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 no such mailbox',
    reportingMTA: 'dns; e1.smtp-out.amazonses.com',
  },
  'Permanent/Suppressed': {
    status: '5.1.1',
    diagnosticCode:
      'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address. For more information about how to remove an address from the suppression list, see the Amazon SES Developer Guide.',
    reportingMTA: 'dns; amazonses.com',
  },
  'Permanent/OnAccountSuppressionList': {
    status: '5.1.1',
    diagnosticCode: `Amazon SES did not send the message to this address because it is on the suppression list for your account. For more information about ${SUPPRESSED_BY_LIST}`,
    reportingMTA: 'dns; amazonses.com',
  },
  'Transient/MailboxFull': {
    status: '4.2.2',
    diagnosticCode: 'smtp; 452 4.2.2 mailbox full',
    reportingMTA: 'dns; e1.smtp-out.amazonses.com',
  },
  'Transient/MessageTooLarge': {
    status: '5.3.4',
    diagnosticCode: 'smtp; 552 5.3.4 message too large',
    reportingMTA: 'dns; e1.smtp-out.amazonses.com',
  },
};

const TRANSIENT: BounceText = {
  status: '4.4.7',
  diagnosticCode: 'smtp; 421 4.4.7 message expired: unable to deliver',
  reportingMTA: 'dns; e1.smtp-out.amazonses.com',
};

export const bouncePayload = (
  message: StoredMessage,
  now: number,
  bounceType: string,
  bounceSubType: string,
  recipients: readonly string[],
): SesEvent['payload'] => {
  const { status, diagnosticCode, reportingMTA } =
    BOUNCE_TEXTS[`${bounceType}/${bounceSubType}`] ?? TRANSIENT;
  return {
    feedbackId: newFeedbackId(message),
    bounceType,
    bounceSubType,
    bouncedRecipients: recipients.map((emailAddress) => ({
      emailAddress,
      action: 'failed',
      status,
      diagnosticCode,
    })),
    timestamp: new Date(now).toISOString(),
    reportingMTA,
  };
};

export const complaintPayload = (
  message: StoredMessage,
  now: number,
  complaintSubType: string | null,
  recipients: readonly string[],
  feedbackType = 'abuse',
): SesEvent['payload'] => ({
  feedbackId: newFeedbackId(message),
  complaintSubType,
  complainedRecipients: recipients.map((emailAddress) => ({ emailAddress })),
  timestamp: new Date(now).toISOString(),
  // What the suppression list makes up was reported by nobody.
  ...(complaintSubType === null
    ? {
        userAgent: 'Amazon SES Mailbox Simulator',
        complaintFeedbackType: feedbackType,
        arrivalDate: new Date(now).toISOString(),
      }
    : {}),
});

export const deliveryPayload = (
  message: StoredMessage,
  now: number,
  recipients: readonly string[],
): SesEvent['payload'] => ({
  timestamp: new Date(now).toISOString(),
  processingTimeMillis: Math.max(1, Math.round(now - message.at)),
  recipients,
  smtpResponse: '250 2.6.0 Message received',
  remoteMtaIp: '198.51.100.7',
  reportingMTA: 'e1.smtp-out.amazonses.com',
});

/** What became of a message, as SES reports it. */
export const eventOf = (message: StoredMessage, outcome: Outcome, now: number): SesEvent => {
  switch (outcome.type) {
    case 'Send':
      return { type: 'SEND', payload: {} };
    case 'Delivery':
      return { type: 'DELIVERY', payload: deliveryPayload(message, now, outcome.recipients) };
    case 'Bounce':
      return {
        type: 'BOUNCE',
        payload: bouncePayload(message, now, outcome.bounceType, outcome.bounceSubType, outcome.recipients),
      };
    case 'Complaint':
      return {
        type: 'COMPLAINT',
        payload: complaintPayload(message, now, outcome.complaintSubType, outcome.recipients),
      };
    case 'Reject':
      return { type: 'REJECT', payload: { reason: outcome.reason } };
    case 'RenderingFailure':
      return {
        type: 'RENDERING_FAILURE',
        payload: { templateName: outcome.templateName, errorMessage: outcome.errorMessage },
      };
  }
};
