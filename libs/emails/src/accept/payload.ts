import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Attachment } from './attachments.js';
import { formatMailbox, type Mailbox } from './addresses.js';
import { fitsSimpleContent } from './headers.js';
import { quoted, quotedBase64, withField } from './json-text.js';

/** Everything of a message that SES gets to see. */
export interface Message {
  from: Mailbox;
  to: readonly Mailbox[];
  cc: readonly Mailbox[];
  bcc: readonly Mailbox[];
  replyTo: readonly Mailbox[];
  subject: string;
  html: string | undefined;
  text: string | undefined;
  headers: Readonly<Record<string, string>>;
  tags: readonly { name: string; value: string }[];
  attachments: readonly Attachment[];
}

export interface Payload {
  /** JSON body of SES SendEmail. */
  json: string;
  /** Simple is parsed back when the email is read; Raw is not, so what the caller wrote is kept beside it. */
  content: 'simple' | 'raw';
}

/** The SES message tag that carries our email id: the way back from an event to the email. */
export const EMAIL_ID_TAG = 'sesame_email_id';
/** SES allows 50 message tags; one is ours. */
const MAX_SES_TAGS = 49;

/**
 * Builds the body of SendEmail once, at accept; the drain only signs and sends it. SES's Simple content carries
 * everything but unusual headers, so MIME is built only for those.
 */
export async function buildPayload(emailId: string, message: Message): Promise<Payload> {
  const envelope = JSON.stringify({
    FromEmailAddress: formatMailbox(message.from),
    Destination: {
      ToAddresses: message.to.map(formatMailbox),
      ...(message.cc.length > 0 && { CcAddresses: message.cc.map(formatMailbox) }),
      ...(message.bcc.length > 0 && { BccAddresses: message.bcc.map(formatMailbox) }),
    },
    ...(message.replyTo.length > 0 && { ReplyToAddresses: message.replyTo.map(formatMailbox) }),
    EmailTags: [
      { Name: EMAIL_ID_TAG, Value: emailId },
      ...message.tags.slice(0, MAX_SES_TAGS).map(({ name, value }) => ({ Name: name, Value: value })),
    ],
  });
  if (fitsSimpleContent(message.headers)) {
    return {
      content: 'simple',
      json: withField(envelope, 'Content', `{"Simple":${simpleContent(message)}}`),
    };
  }
  const mime = await buildMime(message);
  return {
    content: 'raw',
    json: withField(envelope, 'Content', `{"Raw":{"Data":${quotedBase64(mime.toString('base64'))}}}`),
  };
}

/** Put together by concatenation, which copies nothing: long texts are copied once, into the bytes of the payload. */
function simpleContent({ subject, text, html, headers, attachments }: Message): string {
  const part = (data: string) => `{"Data":${quoted(data)},"Charset":"UTF-8"}`;
  const pairs = Object.entries(headers).map(([Name, Value]) => ({ Name, Value }));
  let json = `{"Subject":${part(subject)},"Body":{`;
  if (text !== undefined) json += `"Text":${part(text)}`;
  if (html !== undefined) json += `${text === undefined ? '' : ','}"Html":${part(html)}`;
  json += '}';
  if (pairs.length > 0) json += `,"Headers":${JSON.stringify(pairs)}`;
  for (const [index, attachment] of attachments.entries())
    json += `${index === 0 ? ',"Attachments":[' : ','}${attachmentJson(attachment)}`;
  return `${json}${attachments.length > 0 ? ']' : ''}}`;
}

function attachmentJson({ filename, contentType, contentId, content }: Attachment): string {
  const fields = JSON.stringify({
    FileName: filename,
    ContentType: contentType,
    ContentDisposition: contentId === undefined ? 'ATTACHMENT' : 'INLINE',
    ...(contentId !== undefined && { ContentId: contentId }),
    ContentTransferEncoding: 'BASE64',
  });
  return withField(fields, 'RawContent', quotedBase64(content));
}

function buildMime(message: Message): Promise<Buffer> {
  const mailbox = ({ name, address }: Mailbox) => ({ name: singleSpaced(name), address });
  const composer = new MailComposer({
    from: mailbox(message.from),
    to: message.to.map(mailbox),
    cc: message.cc.map(mailbox),
    replyTo: message.replyTo.map(mailbox),
    subject: singleSpaced(message.subject),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, singleSpaced(value)]),
    ),
    attachments: message.attachments.map((attachment) => ({
      filename: attachment.filename,
      contentType: attachment.contentType,
      content: Buffer.from(attachment.content, 'base64'),
      ...(attachment.contentId !== undefined && { cid: attachment.contentId }),
    })),
    ...(message.text !== undefined && { text: message.text }),
    ...(message.html !== undefined && { html: message.html }),
    // No file or URL is ever read on a caller's behalf here.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** Folded, a long run of spaces would be a line of nothing but spaces, which some programs take for the end of the head. */
function singleSpaced(text: string): string {
  return text.replace(/[ \t]+/g, ' ').trim();
}
