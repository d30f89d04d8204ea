import { newId } from '#libs/crypto';
import { hasInternationalLocalPart, parseMailbox, type Mailbox } from './addresses.js';
import { toAttachment } from './attachments.js';
import { checkTags, type Tag } from './check-tags.js';
import { fault, printable } from './fault.js';
import { headerProblem } from './headers.js';
import { buildPayload } from './payload.js';
import { parseSchedule } from './schedule.js';
import type { SendEmailRequest } from './send-request.js';
import { textPartOf } from './text-part.js';

/** Single sends and SMTP go before batches: an OTP never waits behind a newsletter of the same connection. */
export const priorities = { single: 0, batch: 10 } as const;

/** SES: To + Cc + Bcc of one message. */
export const MAX_RECIPIENTS = 50;
/** SES API v2: the whole message after base64. */
export const MAX_MESSAGE_BYTES = 40 * 1024 * 1024;

// eslint-disable-next-line no-control-regex -- control characters are exactly what must not get through
const controlCharacters = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** An email that is valid in itself and has its SES request built: only its place in the database is missing. */
export interface PreparedEmail {
  id: string;
  sender: string;
  fromDomain: string;
  addresses: { to: string[]; cc: string[]; bcc: string[]; reply_to: string[] };
  subject: string;
  tags: Tag[];
  recipients: number;
  priority: number;
  scheduledAt: Date | undefined;
  /** Seconds after the time it may go, from which on it must not. */
  expiresInSeconds: number | undefined;
  /** The body of SES SendEmail, as it goes over the wire. */
  payload: Buffer;
  /** What the payload cannot tell when the email is read. */
  original:
    | {
        html?: string;
        text?: string;
        attachments?: { filename: string; content_type: string; size: number }[];
      }
    | undefined;
  connectionId: string | undefined;
}

/** @throws AppError that names the field */
export async function prepareEmail(
  request: SendEmailRequest,
  priority: number,
  now: Date,
): Promise<PreparedEmail> {
  const id = newId();
  const toList = list(request.to);
  if (toList.length === 0) throw fault('missing_field', 'to', 'Missing `to` field.');
  const to = toList.map((value) => mailbox('to', value));
  const sender = request.from ?? '';
  if (sender.trim() === '') throw fault('missing_field', 'from', 'Missing `from` field.');
  const from = mailbox('from', sender);
  const cc = list(request.cc).map((value) => mailbox('cc', value));
  const bcc = list(request.bcc).map((value) => mailbox('bcc', value));
  const replyTo = list(request.reply_to).map((value) => mailbox('reply_to', value));
  const recipients = to.length + cc.length + bcc.length;
  if (recipients > MAX_RECIPIENTS) {
    throw fault(
      'invalid',
      'to',
      `An email can have at most ${MAX_RECIPIENTS} recipients in \`to\`, \`cc\` and \`bcc\` together; this one has ${recipients}.`,
    );
  }
  const html = request.html ?? undefined;
  // An empty text is the caller's way to say: no text part.
  const givenText = request.text === '' && html !== undefined ? undefined : (request.text ?? undefined);
  if (html === undefined && givenText === undefined)
    throw fault('missing_field', 'html', 'Missing `html` or `text` field.');
  const subject = request.subject;
  if (subject == null) throw fault('missing_field', 'subject', 'Missing `subject` field.');
  refuse('subject', subject, controlCharacters, 'line breaks or control characters');
  for (const [field, value] of [
    ['html', html],
    ['text', givenText],
  ] as const) {
    // What PostgreSQL stores neither as text nor as jsonb. Not a regular expression: bodies are long.
    if (value !== undefined && (value.includes('\u0000') || !value.isWellFormed()))
      throw fault(
        'invalid',
        field,
        `Invalid \`${field}\` field. It must not contain NUL characters or halves of surrogate pairs.`,
      );
  }
  const text = html !== undefined && request.text == null ? textPartOf(html) : givenText;
  const headers = request.headers ?? {};
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(name, value);
    if (problem !== undefined)
      throw fault(
        'invalid',
        `headers.${printable(name)}`,
        `Invalid \`headers\` field. \`${printable(name)}\` ${problem}.`,
      );
  }
  const tags = checkTags(request.tags ?? []);
  const attachments = (request.attachments ?? []).map(toAttachment);
  const scheduledAt = readSchedule(request.scheduled_at ?? undefined, now);

  const message = {
    from,
    to,
    cc,
    bcc,
    replyTo,
    subject,
    html,
    text,
    headers,
    tags,
    attachments,
  };
  const { content, json } = await buildPayload(id, message);
  const payload = Buffer.from(json);
  if (payload.length > MAX_MESSAGE_BYTES) {
    throw fault(
      'too_large',
      'attachments',
      'The email is larger than 40 MB after encoding, which is the most that Amazon SES takes.',
    );
  }
  const attached = attachments.map(({ filename, contentType, size }) => ({
    filename,
    content_type: contentType,
    size,
  }));
  const isRaw = content === 'raw';
  return {
    id,
    sender,
    fromDomain: from.domain,
    addresses: { to: toList, cc: list(request.cc), bcc: list(request.bcc), reply_to: list(request.reply_to) },
    subject,
    tags,
    recipients,
    priority,
    scheduledAt,
    expiresInSeconds: request.expires_in ?? undefined,
    payload,
    original:
      isRaw || attached.length > 0
        ? {
            ...(isRaw && html !== undefined && { html }),
            ...(isRaw && text !== undefined && { text }),
            ...(attached.length > 0 && { attachments: attached }),
          }
        : undefined,
    connectionId: request.connection_id ?? undefined,
  };
}

function list(value: string | string[] | null | undefined): string[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function mailbox(field: string, value: string): Mailbox {
  const parsed = parseMailbox(value);
  if (parsed !== undefined) return parsed;
  if (hasInternationalLocalPart(value)) {
    throw fault(
      'invalid',
      field,
      `Invalid \`${field}\` field. The part before the @ must be ASCII: Amazon SES has no SMTPUTF8. The domain may be international.`,
    );
  }
  throw fault(
    'invalid',
    field,
    `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
  );
}

function readSchedule(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const schedule = parseSchedule(text, now);
  if ('problem' in schedule)
    throw fault('invalid', 'scheduled_at', `Invalid \`scheduled_at\` field. It ${schedule.problem}.`);
  return schedule.at > now ? schedule.at : undefined;
}

function refuse(field: string, value: string, forbidden: RegExp, what: string): void {
  if (forbidden.test(value))
    throw fault('invalid', field, `Invalid \`${field}\` field. It must not contain ${what}.`);
}
