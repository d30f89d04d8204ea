import { AppError, type ErrorKind } from '#libs/errors';
import { newId } from '#libs/crypto';
import { parseMailbox, type Mailbox } from './addresses.js';
import { contentTypeOf, isBlockedFilename, toBase64, type Attachment } from './attachments.js';
import { headerProblem } from './headers.js';
import { buildPayload } from './payload.js';
import { parseSchedule } from './schedule.js';
import type { SendEmailRequest } from './send-request.js';

/** Single sends and SMTP go before batches: an OTP never waits behind a newsletter of the same connection. */
export const priorities = { single: 0, batch: 10 } as const;

/** SES: To + Cc + Bcc of one message. */
const MAX_RECIPIENTS = 50;
/** SES API v2: the whole message after base64. */
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024;
const MAX_TAGS = 50;

/* eslint-disable no-control-regex -- control characters are exactly what must not get through */
const controlCharacters = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
const notInFilenames = /[\u0000-\u001f\u007f"\\/]|\p{Surrogate}/u;
/* eslint-enable no-control-regex */

/** An email that is valid in itself and has its SES request built: only its place in the database is missing. */
export interface PreparedEmail {
  id: string;
  sender: string;
  fromDomain: string;
  addresses: { to: string[]; cc: string[]; bcc: string[]; reply_to: string[] };
  subject: string;
  tags: { name: string; value: string }[];
  recipients: number;
  priority: number;
  scheduledAt: Date | undefined;
  /** Seconds after the time it may go, from which on it must not. */
  expiresInSeconds: number | undefined;
  payload: string;
  payloadBytes: number;
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
  if (request.from.trim() === '') throw fault('missing_field', 'from', 'Missing `from` field.');
  const from = mailbox('from', request.from);
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
  const text = request.text === '' && html !== undefined ? undefined : (request.text ?? undefined);
  if (html === undefined && text === undefined)
    throw fault('missing_field', 'html', 'Missing `html` or `text` field.');
  refuse('subject', request.subject, controlCharacters, 'line breaks or control characters');
  for (const [field, value] of [
    ['html', html],
    ['text', text],
  ] as const) {
    // What PostgreSQL stores neither as text nor as jsonb. Not a regular expression: bodies are long.
    if (value !== undefined && (value.includes('\u0000') || !value.isWellFormed()))
      throw fault(
        'invalid',
        field,
        `Invalid \`${field}\` field. It must not contain NUL characters or halves of surrogate pairs.`,
      );
  }
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
    subject: request.subject,
    html,
    text,
    headers,
    tags,
    attachments,
  };
  const payload = await buildPayload(id, message);
  const payloadBytes = Buffer.byteLength(payload.json);
  if (payloadBytes > MAX_MESSAGE_BYTES) {
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
  const isRaw = payload.content === 'raw';
  return {
    id,
    sender: request.from,
    fromDomain: from.domain,
    addresses: { to: toList, cc: list(request.cc), bcc: list(request.bcc), reply_to: list(request.reply_to) },
    subject: request.subject,
    tags,
    recipients,
    priority,
    scheduledAt,
    expiresInSeconds: request.expires_in ?? undefined,
    payload: payload.json,
    payloadBytes,
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
  throw fault(
    'invalid',
    field,
    `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
  );
}

function checkTags(tags: readonly { name: string; value: string }[]): { name: string; value: string }[] {
  if (tags.length > MAX_TAGS)
    throw fault('invalid', 'tags', `Invalid \`tags\` field. An email can have at most ${MAX_TAGS} tags.`);
  const allowed = /^[A-Za-z0-9_-]{1,256}$/;
  const names = new Set<string>();
  tags.forEach(({ name, value }, index) => {
    if (!allowed.test(name) || !allowed.test(value)) {
      throw fault(
        'invalid',
        `tags[${index}]`,
        'Invalid `tags` field. Names and values are 1-256 ASCII letters, numbers, underscores or dashes.',
      );
    }
    if (name.toLowerCase().startsWith('sesame_'))
      throw fault(
        'invalid',
        `tags[${index}].name`,
        'Invalid `tags` field. Names that begin with `sesame_` are reserved.',
      );
    if (names.has(name))
      throw fault('invalid', `tags[${index}].name`, `Invalid \`tags\` field. \`${name}\` is given twice.`);
    names.add(name);
  });
  return tags.map(({ name, value }) => ({ name, value }));
}

function toAttachment(item: NonNullable<SendEmailRequest['attachments']>[number], index: number): Attachment {
  const field = `attachments[${index}]`;
  const filename =
    item.filename === false || item.filename == null || item.filename === ''
      ? `attachment-${index + 1}`
      : item.filename;
  const contentId = item.content_id ?? undefined;
  refuse(`${field}.filename`, filename, notInFilenames, 'line breaks, control characters, quotes or slashes');
  if (isBlockedFilename(filename))
    throw fault(
      'invalid_attachment',
      `${field}.filename`,
      `Attachments of this type are not accepted by Amazon SES: ${filename}`,
    );
  if (contentId !== undefined && !/^[!-;=?-~]{1,78}$/.test(contentId)) {
    throw fault(
      'invalid_attachment',
      `${field}.content_id`,
      `Invalid \`${field}.content_id\`: 1-78 printable ASCII characters without < and >.`,
    );
  }
  const contentType = item.content_type ?? contentTypeOf(filename);
  if (!/^[\w.+-]+\/[\w.+-]+(; *[\w.+-]+=("[ !#-~]*"|[\w.+-]+))*$/.test(contentType)) {
    throw fault(
      'invalid_attachment',
      `${field}.content_type`,
      `Invalid \`${field}.content_type\`: not a media type.`,
    );
  }
  if (item.content == null) {
    const message =
      item.path == null
        ? 'Attachments need `content`.'
        : 'Attachments by `path` are not supported yet: send the bytes in `content`.';
    throw fault('invalid_attachment', field, message);
  }
  const bytes = toBase64(item.content);
  if (bytes === undefined)
    throw fault('invalid_attachment', `${field}.content`, `Invalid \`${field}.content\`: not base64.`);
  return { filename, contentType, contentId, content: bytes.base64, size: bytes.size };
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

/** A name from a request, fit to be shown in an error. */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, '?').slice(0, 80);
}

function fault(kind: ErrorKind, field: string, message: string): AppError {
  return new AppError({ code: `email.${kind}`, kind, message, field });
}
