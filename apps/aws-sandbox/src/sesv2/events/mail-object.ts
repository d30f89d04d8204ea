import { readParts } from '../../admin/build-raw.js';
import type { NameValue, StoredMessage } from '../../state/message.js';
import { parseAddress, splitAddressList } from '../send/address.js';
import { parseRawMessage } from '../send/raw-message.js';
import type { EventTypeName } from './event-types.js';

const MAX_HEADER_BYTES = 10 * 1024;

/** Samples of these come without headers. */
const WITHOUT_HEADERS: ReadonlySet<EventTypeName> = new Set(['RENDERING_FAILURE', 'DELIVERY_DELAY']);

const bare = (written: string): string => {
  const parsed = parseAddress(written);
  return typeof parsed === 'string' ? written : parsed.address;
};

/** The envelope: everybody, also in an event about one of them. */
export const destinationOf = (message: StoredMessage): string[] =>
  [...message.to, ...message.cc, ...message.bcc].map(bare);

const operationOf = (message: StoredMessage): string => {
  if (message.action !== 'SendEmail') return message.action;
  const names = { Simple: 'SendEmail', Raw: 'SendRawEmail', Template: 'SendTemplatedEmail' } as const;
  return names[message.kind];
};

const tagsOf = (message: StoredMessage, type: EventTypeName): Record<string, string[]> => {
  const tags: Record<string, string[]> = {
    'ses:operation': [operationOf(message)],
    ...(message.configurationSet === null ? {} : { 'ses:configuration-set': [message.configurationSet] }),
    'ses:source-ip': [message.sourceIp],
    'ses:from-domain': [bare(message.from).split('@').at(-1) ?? ''],
    'ses:caller-identity': [message.callerName],
    ...(type === 'DELIVERY' ? { 'ses:outgoing-ip': ['203.0.113.25'] } : {}),
  };
  for (const { name, value } of message.tags) (tags[name] ??= []).push(value);
  return tags;
};

const composedHeaders = (message: StoredMessage, subject: string, own: readonly NameValue[]): NameValue[] => [
  { name: 'From', value: message.from },
  ...(message.replyTo.length === 0 ? [] : [{ name: 'Reply-To', value: message.replyTo.join(', ') }]),
  ...(message.to.length === 0 ? [] : [{ name: 'To', value: message.to.join(', ') }]),
  ...(message.cc.length === 0 ? [] : [{ name: 'Cc', value: message.cc.join(', ') }]),
  { name: 'Subject', value: subject },
  { name: 'MIME-Version', value: '1.0' },
  ...own,
];

interface Head {
  readonly headers: readonly NameValue[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string | undefined;
}

/** Raw mail shows its own headers; everything else those that SES wrote. */
const headOf = (message: StoredMessage): Head => {
  if (message.kind === 'Raw' && message.content !== null) {
    const { headers } = parseRawMessage(message.content);
    const of = (name: string): string | undefined =>
      headers.find((header) => header.name.toLowerCase() === name)?.value;
    const list = (name: string): string[] => splitAddressList(of(name) ?? '');
    return {
      headers: headers.filter(({ name }) => name.toLowerCase() !== 'bcc'),
      from: list('from'),
      to: list('to'),
      cc: list('cc'),
      replyTo: list('reply-to'),
      subject: of('subject'),
    };
  }
  const { subject, content } = readParts(message);
  const own = (content?.Headers ?? []).map(({ Name, Value }) => ({ name: Name, value: Value }));
  return {
    headers: composedHeaders(message, subject, own),
    from: [message.from],
    to: message.to,
    cc: message.cc,
    replyTo: message.replyTo,
    subject,
  };
};

const truncate = (headers: readonly NameValue[]): { headers: NameValue[]; headersTruncated: boolean } => {
  const kept: NameValue[] = [];
  let bytes = 0;
  for (const header of headers) {
    bytes += Buffer.byteLength(header.name) + Buffer.byteLength(header.value);
    if (bytes > MAX_HEADER_BYTES) return { headers: kept, headersTruncated: true };
    kept.push(header);
  }
  return { headers: kept, headersTruncated: false };
};

/** The `mail` object of an event record. */
export const mailObject = (message: StoredMessage, type: EventTypeName): Record<string, unknown> => {
  const mail = {
    timestamp: new Date(message.at).toISOString(),
    source: message.from,
    // A templated Send was seen without it.
    ...(type === 'SEND' && message.kind === 'Template' ? {} : { sourceArn: message.identityArn }),
    sendingAccountId: message.accountId,
    messageId: message.messageId,
    destination: destinationOf(message),
  };
  const tags = tagsOf(message, type);
  if (WITHOUT_HEADERS.has(type)) return { ...mail, headersTruncated: false, tags };
  const head = headOf(message);
  const { headers, headersTruncated } = truncate(head.headers);
  return {
    ...mail,
    headersTruncated,
    headers,
    commonHeaders: {
      from: head.from,
      ...(head.replyTo.length === 0 ? {} : { replyTo: head.replyTo }),
      ...(head.to.length === 0 ? {} : { to: head.to }),
      ...(head.cc.length === 0 ? {} : { cc: head.cc }),
      messageId: message.messageId,
      ...(head.subject === undefined || (type === 'SEND' && message.kind === 'Template')
        ? {}
        : { subject: head.subject }),
    },
    tags,
  };
};
