import MailComposer from 'nodemailer/lib/mail-composer';
import type { StoredMessage } from '../state/message.js';
import { finishRawMessage } from '../sesv2/send/raw-message.js';
import type { SimpleInput, TemplateInput } from '../sesv2/send/send-input.js';

interface StoredContent {
  readonly Content: { readonly Simple?: SimpleInput; readonly Template?: TemplateInput };
}

/** SES's own Message-ID header; only us-east-1 has no region in it. */
export const messageIdHeader = (message: StoredMessage): string =>
  `<${message.messageId}@${message.region === 'us-east-1' ? 'email' : message.region}.amazonses.com>`;

/** Subject, bodies, headers and attachments of Simple or Template content, read back from the kept request. */
export const readParts = (
  message: StoredMessage,
): {
  subject: string;
  text: string | null;
  html: string | null;
  content: SimpleInput | TemplateInput | null;
} => {
  const stored =
    message.content === null || message.kind === 'Raw'
      ? null
      : (JSON.parse(message.content.toString('utf8')) as StoredContent);
  const simple = stored?.Content.Simple;
  if (simple !== undefined && message.kind === 'Simple') {
    return {
      subject: simple.Subject.Data,
      text: simple.Body.Text?.Data ?? null,
      html: simple.Body.Html?.Data ?? null,
      content: simple,
    };
  }
  const { subject = '', text = null, html = null } = message.rendered ?? {};
  return { subject, text, html, content: stored?.Content.Template ?? null };
};

/** The MIME text as a recipient would get it (without DKIM). Empty once the body has left the store. */
export const buildRaw = async (message: StoredMessage): Promise<Buffer> => {
  if (message.content === null) return Buffer.alloc(0);
  if (message.kind === 'Raw') return finishRawMessage(message.content, messageIdHeader(message), message.at);
  const { subject, text, html, content } = readParts(message);
  const composer = new MailComposer({
    from: message.from,
    to: [...message.to],
    cc: [...message.cc],
    replyTo: [...message.replyTo],
    subject,
    ...(text === null ? {} : { text }),
    ...(html === null ? {} : { html }),
    date: new Date(message.at),
    messageId: messageIdHeader(message),
    headers: (content?.Headers ?? []).map(({ Name, Value }) => ({ key: Name, value: Value })),
    attachments: (content?.Attachments ?? []).map((attachment) => ({
      filename: attachment.FileName,
      content: Buffer.from(attachment.RawContent, 'base64'),
      contentDisposition:
        attachment.ContentDisposition === 'INLINE' ? ('inline' as const) : ('attachment' as const),
      ...(attachment.ContentType === undefined ? {} : { contentType: attachment.ContentType }),
      ...(attachment.ContentId === undefined ? {} : { cid: attachment.ContentId.replace(/^<(.*)>$/, '$1') }),
    })),
  });
  return composer.compile().build();
};
