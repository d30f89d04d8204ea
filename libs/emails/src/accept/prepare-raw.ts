import { AppError, type ErrorKind } from '#libs/errors';
import { newId } from '#libs/crypto';
import { decodeWords } from 'postal-mime';
import type { Mailbox } from './addresses.js';
import { fieldValue, scanHead, withoutFields, type Head, type HeaderField } from './header-fields.js';
import { parseMailboxList, printable, type ListedMailbox } from './mailbox-list.js';
import { lineProblem } from './message-lines.js';
import { MAX_RECIPIENTS, priorities, type PreparedEmail } from './prepare-email.js';
import { rawFingerprint } from './raw-fingerprint.js';
import { rawPayload } from './raw-payload.js';

/** A message as it came in by SMTP. */
export interface RawRequest {
  /** Of the envelope. */
  recipients: readonly Mailbox[];
  /** As submitted, dots unstuffed. */
  message: Buffer;
}

export interface PreparedRaw {
  email: PreparedEmail;
  idempotency: { key: string; requestHash: Buffer } | undefined;
}

const IDEMPOTENCY_HEADER = 'resend-idempotency-key';
/** SES API v2: the message after base64. */
const MAX_BASE64 = 40 * 1024 * 1024;

/**
 * Makes an email of a message without changing it. Left out are the idempotency key, which is for us; Bcc, which is for nobody else;
 * and X-SES-*, with which SES would be steered past what Sesame has checked.
 *
 * @throws AppError
 */
export function prepareRaw({ recipients, message }: RawRequest): PreparedRaw {
  if (recipients.length === 0) throw fault('missing_field', 'The message has no recipient.');
  if (recipients.length > MAX_RECIPIENTS)
    throw fault('invalid', `A message can have at most ${MAX_RECIPIENTS} recipients.`);
  if (Math.ceil(message.length / 3) * 4 > MAX_BASE64)
    throw fault('too_large', 'The message is larger than the 40 MB after base64 that Amazon SES takes.');
  const problem = lineProblem(message);
  if (problem !== undefined) throw fault('invalid', `The message ${problem}.`);
  const head = scanHead(message);
  if ('problem' in head) throw fault('invalid', `The head of the message ${head.problem}.`);

  const from = readFrom(message, head);
  const id = newId();
  const dropped = head.fields.filter(({ name }) => isDropped(name));
  const kept = withoutFields(message, dropped);
  const to = listed(message, head, 'to');
  const cc = listed(message, head, 'cc');
  const destination = sortRecipients(recipients, to, cc);
  const payload = Buffer.from(rawPayload(id, from.mailbox, destination, kept));
  const key = idempotencyKey(message, head);
  return {
    email: {
      id,
      sender: from.written,
      fromDomain: from.mailbox.domain,
      addresses: {
        to: written(to, destination.to),
        cc: written(cc, destination.cc),
        bcc: destination.bcc,
        reply_to: listed(message, head, 'reply-to').map((item) => item.written),
      },
      subject: printable(decodeWords(onlyValue(message, head, 'subject') ?? '')),
      tags: [],
      recipients: recipients.length,
      priority: priorities.single,
      scheduledAt: undefined,
      expiresInSeconds: undefined,
      payload,
      // Read from the payload when the email is: taking mail in stays cheap.
      original: undefined,
      connectionId: undefined,
    },
    idempotency:
      key === undefined
        ? undefined
        : {
            key,
            requestHash: rawFingerprint(
              recipients.map(({ address }) => address),
              message,
              head,
            ),
          },
  };
}

function isDropped(name: string): boolean {
  return name === 'bcc' || name === IDEMPOTENCY_HEADER || name.startsWith('x-ses-');
}

/** Exactly one From header with exactly one mailbox: SES takes no other, and only so it is certain whose domain it is. */
function readFrom(message: Buffer, head: Head): ListedMailbox & { mailbox: Mailbox } {
  const fields = fieldsOf(head, 'from');
  const [field] = fields;
  if (field === undefined) throw fault('missing_field', 'The message has no From header.', 'from');
  if (fields.length > 1) throw fault('invalid', 'The message has more than one From header.', 'from');
  const list = parseMailboxList(fieldValue(message, field));
  const [first] = list;
  if (first?.mailbox === undefined || list.length > 1)
    throw fault(
      'invalid',
      'The From header must have one address, such as: Name <email@example.com>. The part before the @ must be ASCII.',
      'from',
    );
  return { ...first, mailbox: first.mailbox };
}

function fieldsOf(head: Head, name: string): HeaderField[] {
  return head.fields.filter((field) => field.name === name);
}

function onlyValue(message: Buffer, head: Head, name: string): string | undefined {
  const [field] = fieldsOf(head, name);
  return field === undefined ? undefined : fieldValue(message, field);
}

function listed(message: Buffer, head: Head, name: string): ListedMailbox[] {
  return fieldsOf(head, name).flatMap((field) => parseMailboxList(fieldValue(message, field)));
}

/** The envelope decides who gets the mail, the headers only where a recipient is shown. */
function sortRecipients(
  recipients: readonly Mailbox[],
  to: readonly ListedMailbox[],
  cc: readonly ListedMailbox[],
): { to: string[]; cc: string[]; bcc: string[] } {
  const [inTo, inCc] = [to, cc].map((list) => new Set(list.map(identity)));
  const sorted: { to: string[]; cc: string[]; bcc: string[] } = { to: [], cc: [], bcc: [] };
  for (const recipient of recipients) {
    const key = recipient.address.toLowerCase();
    const place = inTo?.has(key) === true ? 'to' : inCc?.has(key) === true ? 'cc' : 'bcc';
    sorted[place].push(recipient.address);
  }
  return sorted;
}

/** Recipients with the names that the header gives them. */
function written(list: readonly ListedMailbox[], recipients: readonly string[]): string[] {
  return recipients.map((address) => {
    const shown = list.find((item) => identity(item) === address.toLowerCase());
    return shown?.written ?? address;
  });
}

function identity({ mailbox }: ListedMailbox): string | undefined {
  return mailbox?.address.toLowerCase();
}

function idempotencyKey(message: Buffer, head: Head): string | undefined {
  const key = onlyValue(message, head, IDEMPOTENCY_HEADER);
  if (key === undefined) return undefined;
  if (key.length >= 1 && key.length <= 256) return key;
  throw fault('invalid_idempotency_key', 'The Resend-Idempotency-Key header must have 1-256 characters.');
}

function fault(kind: ErrorKind, message: string, field?: string): AppError {
  return new AppError({ code: `email.${kind}`, kind, message, ...(field !== undefined && { field }) });
}
