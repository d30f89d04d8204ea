import type { NameValue } from '../../state/message.js';

/** The head of a MIME message, unfolded, and where its body starts. */
export interface RawMessage {
  readonly headers: readonly NameValue[];
  readonly bytes: Buffer;
  readonly bodyStart: number;
}

/** Headers SES consumes or replaces; Bcc must not reach the other recipients. */
const REMOVED = /^(?:bcc|date|message-id|return-path|x-ses-.+)$/i;

const findBody = (bytes: Buffer): { headEnd: number; bodyStart: number } => {
  const crlf = bytes.indexOf('\r\n\r\n');
  const lf = bytes.indexOf('\n\n');
  if (crlf !== -1 && (lf === -1 || crlf < lf)) return { headEnd: crlf, bodyStart: crlf + 4 };
  return lf === -1 ? { headEnd: bytes.length, bodyStart: bytes.length } : { headEnd: lf, bodyStart: lf + 2 };
};

export const parseRawMessage = (bytes: Buffer): RawMessage => {
  const { headEnd, bodyStart } = findBody(bytes);
  const headers: { name: string; value: string }[] = [];
  for (const line of bytes.toString('utf8', 0, headEnd).split(/\r?\n/)) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last.value += ` ${line.trim()}`;
    else {
      const colon = line.indexOf(':');
      if (colon > 0) headers.push({ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() });
    }
  }
  return { headers, bytes, bodyStart };
};

export const rawHeader = (message: RawMessage, name: string): string | undefined =>
  message.headers.find((header) => header.name.toLowerCase() === name)?.value;

/** `X-SES-MESSAGE-TAGS: a=b, c=d`, used only when the request brings no tags of its own. */
export const rawMessageTags = (message: RawMessage): { Name: string; Value: string }[] =>
  (rawHeader(message, 'x-ses-message-tags') ?? '')
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return { Name: pair.slice(0, Math.max(0, equals)).trim(), Value: pair.slice(equals + 1).trim() };
    });

/** What SES would put on the wire: its own Date and Message-ID, no Bcc, no X-SES- control headers. */
export const finishRawMessage = (bytes: Buffer, messageIdHeader: string, at: number): Buffer => {
  const { headEnd, bodyStart } = findBody(bytes);
  const kept: string[] = [];
  let isDropping = false;
  for (const line of bytes.toString('latin1', 0, headEnd).split(/\r?\n/)) {
    if (!/^[ \t]/.test(line)) isDropping = REMOVED.test(line.slice(0, Math.max(0, line.indexOf(':'))).trim());
    if (!isDropping && line !== '') kept.push(line);
  }
  kept.push(`Message-ID: ${messageIdHeader}`, `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`);
  return Buffer.concat([Buffer.from(`${kept.join('\r\n')}\r\n\r\n`, 'latin1'), bytes.subarray(bodyStart)]);
};
