/** Headers that Sesame or SES sets: a caller's value would be overwritten or would break the message. */
const reserved = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'dkim-signature',
  'return-path',
  'received',
  'reply-to',
  'sender',
]);

/** SES: 1-126 printable characters without space and colon. */
const headerName = /^[!-9;-~]{1,126}$/;

/** @returns what is wrong with a caller's header, or undefined */
export function headerProblem(name: string, value: string): string | undefined {
  if (!headerName.test(name)) return 'is not a header name';
  const lower = name.toLowerCase();
  if (reserved.has(lower) || lower.startsWith('content-') || lower.startsWith('x-ses-'))
    return 'cannot be set by a custom header';
  // eslint-disable-next-line no-control-regex -- a line break here would be a header of the attacker's choice
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    return 'must not contain line breaks or control characters';
  // A line of a message has at most 998 characters, and is folded only at spaces.
  if (Buffer.byteLength(value) > 7_500 || /[!-~]{998}/.test(value)) return 'is too long';
  return undefined;
}

/** Whether SES's Simple content can carry these headers: at most 15, values of printable ASCII, 996 characters in all. */
export function fitsSimpleContent(headers: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(headers);
  return (
    entries.length <= 15 &&
    entries.every(([name, value]) => /^[ -~]{1,995}$/.test(value) && name.length + value.length <= 996)
  );
}
