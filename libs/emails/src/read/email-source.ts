import { elideFiles } from './elide-files.js';

/** What Amazon SES is asked to send. */
export interface EmailSource {
  /** Null: the content is not kept any more. */
  content: 'simple' | 'raw' | null;
  headers: { name: string; value: string }[];
  /** The body of SendEmail, as JSON to read: files are named by their size. */
  request: string | null;
  /** The message of Raw content. */
  mime: string | null;
}

interface SendEmailBody {
  FromEmailAddress?: string;
  Destination?: { ToAddresses?: string[]; CcAddresses?: string[]; BccAddresses?: string[] };
  ReplyToAddresses?: string[];
  Content: {
    Simple?: {
      Subject?: { Data?: string };
      Headers?: { Name: string; Value: string }[];
      Attachments?: { RawContent: string }[];
    };
    Raw?: { Data: string };
  };
}

/** Pure: takes the stored body of SendEmail apart for a reader. @param payload null when it is not kept any more */
export function emailSource(payload: string | null): EmailSource {
  if (payload === null) return { content: null, headers: [], request: null, mime: null };
  const body = JSON.parse(payload) as SendEmailBody;
  const { Simple: simple, Raw: raw } = body.Content;
  if (raw !== undefined) {
    const message = Buffer.from(raw.Data, 'base64');
    const mime = elideFiles(message.toString('utf8'));
    const shown = { ...body, Content: { Raw: { Data: `[${message.length} bytes]` } } };
    return { content: 'raw', headers: headersOf(mime), request: JSON.stringify(shown, null, 2), mime };
  }
  const attachments = simple?.Attachments?.map((file) => ({
    ...file,
    RawContent: `[${Buffer.byteLength(file.RawContent, 'base64')} bytes]`,
  }));
  const shown = {
    ...body,
    Content: {
      ...body.Content,
      Simple: { ...simple, ...(attachments !== undefined && { Attachments: attachments }) },
    },
  };
  return {
    content: 'simple',
    headers: simpleHeaders(body),
    request: JSON.stringify(shown, null, 2),
    mime: null,
  };
}

/** The header fields that SES makes of Simple content. */
function simpleHeaders({ FromEmailAddress, Destination, ReplyToAddresses, Content }: SendEmailBody) {
  const list = (name: string, values: readonly string[] | undefined) =>
    values === undefined || values.length === 0 ? [] : [{ name, value: values.join(', ') }];
  return [
    ...list('From', FromEmailAddress === undefined ? undefined : [FromEmailAddress]),
    ...list('To', Destination?.ToAddresses),
    ...list('Cc', Destination?.CcAddresses),
    ...list('Reply-To', ReplyToAddresses),
    { name: 'Subject', value: Content.Simple?.Subject?.Data ?? '' },
    ...(Content.Simple?.Headers ?? []).map(({ Name, Value }) => ({ name: Name, value: Value })),
  ];
}

/** The header fields of a message, unfolded. */
function headersOf(mime: string): { name: string; value: string }[] {
  const head = /^[\s\S]*?(?=\r?\n\r?\n|$(?![\s\S]))/.exec(mime)?.[0] ?? '';
  return head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .filter((line) => line.includes(':'))
    .map((line) => ({
      name: line.slice(0, line.indexOf(':')),
      value: line.slice(line.indexOf(':') + 1).trim(),
    }));
}
