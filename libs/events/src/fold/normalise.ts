import { isUuid } from '#libs/crypto';
import { addressOfMailbox } from '#libs/suppressions';
import { bounceMeaning, explainList, isHeldBackComplaint } from './bounce-meaning.js';
import type { Fact, FactData, FactType, Told } from './fact.js';
import { isMachineOpen } from './machine-open.js';
import { sesRecordSchema, type SesRecord } from './ses-record.js';
import { tidy, tidyText } from './tidy.js';

/** The tag that every mail of ours carries (libs/emails). */
const EMAIL_ID_TAG = 'sesame_email_id';
const SIMULATOR = '@simulator.amazonses.com';
/** Clocks differ; more than this ahead of ours is no time. */
const MAX_AHEAD_MS = 24 * 3600 * 1000;
/** Of diagnostic texts, in one webhook. */
const MAX_DIAGNOSTICS = 10;

/** Why a record cannot be read. */
export interface Unreadable {
  unreadable: string;
}

/**
 * What a record of SES says. Event types that are not known (SES adds some) say nothing beyond that the mail was sent.
 *
 * @param body JSON text of one record @param now for times that cannot be
 */
export function normalise(body: string, now: Date): Told | Unreadable {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { unreadable: 'The body is not JSON.' };
  }
  const result = sesRecordSchema.safeParse(parsed);
  if (!result.success) {
    const [issue] = result.error.issues;
    return {
      unreadable: `Not an event of SES: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, 300),
    };
  }
  const record = result.data;
  const kind = record.eventType ?? record.notificationType;
  if (kind == null) return { unreadable: 'Not an event of SES: neither eventType nor notificationType.' };
  const facts = factsOf(kind, record);
  if (facts === undefined)
    return { unreadable: `An event ${tidyText(kind).slice(0, 40)} without what belongs to it.` };
  const latest = Math.max(record.mail.timestamp.getTime(), ...facts.map(({ at }) => at.getTime()));
  if (latest > now.getTime() + MAX_AHEAD_MS) return { unreadable: 'The event is of a time to come.' };
  const { mail } = record;
  const emailId = mail.tags?.[EMAIL_ID_TAG]?.[0]?.toLowerCase();
  return {
    sesMessageId: tidyText(mail.messageId),
    emailId: emailId !== undefined && isUuid(emailId) ? emailId : undefined,
    isClassic: record.eventType == null && mail.tags == null,
    acceptedAt: mail.timestamp,
    facts,
  };
}

/** @returns undefined when the payload of the event type is missing */
function factsOf(kind: string, record: SesRecord): Fact[] | undefined {
  const { mail } = record;
  switch (kind) {
    case 'Send':
      return [];
    case 'Delivery':
      return record.delivery && deliveries(record.delivery);
    case 'DeliveryDelay':
      return record.deliveryDelay && delays(record.deliveryDelay);
    case 'Bounce':
      return record.bounce && bounces(record.bounce);
    case 'Complaint':
      return record.complaint && complaints(record.complaint);
    case 'Reject':
      return (
        record.reject && [
          fact('failed', null, mail.timestamp, '', {
            reason: 'Rejected',
            message: `Amazon SES took the message and then refused it: ${record.reject.reason ?? 'no reason given'}.`,
          }),
        ]
      );
    case 'Rendering Failure':
      return (
        record.failure && [
          fact('failed', null, mail.timestamp, '', {
            reason: 'RenderingFailure',
            message: record.failure.errorMessage ?? 'The template could not be rendered.',
          }),
        ]
      );
    case 'Open':
      return record.open && [engagement('opened', mail, record.open, '', {})];
    case 'Click': {
      const { click } = record;
      return (
        click && [
          engagement('clicked', mail, click, click.link, { link: click.link, linkTags: click.linkTags }),
        ]
      );
    }
    default:
      return [];
  }
}

function deliveries(delivery: NonNullable<SesRecord['delivery']>): Fact[] {
  const { smtpResponse, processingTimeMillis, reportingMTA } = delivery;
  return delivery.recipients.map((recipient) =>
    fact(
      'delivered',
      recipient,
      delivery.timestamp,
      '',
      { smtpResponse, processingTimeMillis, reportingMTA },
      true,
    ),
  );
}

function delays(delay: NonNullable<SesRecord['deliveryDelay']>): Fact[] {
  const { delayType, expirationTime } = delay;
  return delay.delayedRecipients.map(({ emailAddress, status, diagnosticCode }) =>
    fact('delivery_delayed', emailAddress, delay.timestamp, '', {
      delayType,
      expirationTime,
      status,
      diagnosticCode,
    }),
  );
}

function bounces(bounce: NonNullable<SesRecord['bounce']>): Fact[] {
  const { bounceType: type, bounceSubType: subType, timestamp, feedbackId } = bounce;
  const meaning = bounceMeaning(type, subType);
  return bounce.bouncedRecipients.map(({ emailAddress, status, diagnosticCode }) => ({
    ...fact(
      meaning.type,
      emailAddress,
      timestamp,
      feedbackId ?? '',
      meaning.type === 'suppressed'
        ? { type: subType, message: meaning.message, reason: 'bounce', diagnosticCode }
        : {
            type,
            subType,
            message: meaning.message,
            diagnosticCode: diagnosticCode == null ? [] : [diagnosticCode],
            status,
          },
      meaning.isCounted,
    ),
    isSoft: meaning.isSoft,
  }));
}

function complaints(complaint: NonNullable<SesRecord['complaint']>): Fact[] {
  const {
    complaintFeedbackType: feedbackType,
    complaintSubType: subType,
    timestamp,
    feedbackId,
    userAgent,
  } = complaint;
  // Somebody took the mail out of the junk folder: the opposite of a complaint.
  if (feedbackType === 'not-spam') return [];
  const isHeldBack = isHeldBackComplaint(subType);
  return complaint.complainedRecipients.map(({ emailAddress }) =>
    isHeldBack
      ? fact('suppressed', emailAddress, timestamp, feedbackId ?? '', {
          type: subType,
          message: explainList(subType ?? ''),
          reason: 'complaint',
        })
      : fact('complained', emailAddress, timestamp, feedbackId ?? '', { feedbackType, userAgent }, true),
  );
}

function engagement(
  type: 'opened' | 'clicked',
  mail: SesRecord['mail'],
  { timestamp, ipAddress, userAgent }: NonNullable<SesRecord['open']>,
  key: string,
  data: FactData,
): Fact {
  const [only, ...others] = mail.destination;
  // SES does not say which of several recipients it was.
  const recipient = only !== undefined && others.length === 0 ? only : null;
  const machine = isMachineOpen(userAgent, timestamp.getTime() - mail.timestamp.getTime());
  return fact(type, recipient, timestamp, `${key} ${ipAddress ?? ''}`, {
    ...data,
    ipAddress,
    userAgent,
    machine,
  });
}

function fact(
  type: FactType,
  recipient: string | null,
  at: Date,
  key: string,
  data: FactData,
  isCounted = false,
): Fact {
  const address = recipient === null ? null : addressOfMailbox(tidyText(recipient).trim());
  return {
    type,
    recipient: address,
    at,
    key,
    data: tidy(data) as FactData,
    isSoft: false,
    isCounted: isCounted && address?.endsWith(SIMULATOR) !== true,
  };
}

/** An address of SES's mailbox simulator: what happens to its mail says nothing about the address. */
export function isSimulator(recipient: string): boolean {
  return recipient.endsWith(SIMULATOR);
}

/** Diagnostic texts of several facts, for one webhook. */
export function diagnosticsOf(facts: readonly Fact[]): string[] {
  const texts = facts.flatMap(({ data }) => {
    const { diagnosticCode } = data;
    return Array.isArray(diagnosticCode) ? (diagnosticCode as string[]) : [];
  });
  return [...new Set(texts)].slice(0, MAX_DIAGNOSTICS);
}
