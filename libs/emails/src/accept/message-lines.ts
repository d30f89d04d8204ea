/** RFC 5321 without its CRLF; SES takes no longer line either. */
const MAX_LINE = 998;
const CR = 0x0d;
const LF = 0x0a;

/**
 * What makes a message unfit to be passed on as it is. A CR or LF alone is the stuff of SMTP smuggling: servers differ in
 * whether it ends a line, so the next one might see another message than we did.
 *
 * @returns what is wrong, or undefined
 */
export function lineProblem(message: Buffer): string | undefined {
  if (message.includes(0)) return 'contains a NUL byte';
  let line = 1;
  let start = 0;
  for (let at = message.indexOf(LF); at >= 0; at = message.indexOf(LF, start)) {
    if (at === start || message[at - 1] !== CR)
      return `has a line feed without a carriage return (line ${line})`;
    if (at - 1 - start > MAX_LINE) return tooLong(line, at - 1 - start);
    start = at + 1;
    line += 1;
  }
  if (message.length - start > MAX_LINE) return tooLong(line, message.length - start);
  for (let at = message.indexOf(CR); at >= 0; at = message.indexOf(CR, at + 1)) {
    if (message[at + 1] !== LF) return 'has a carriage return without a line feed';
  }
  return undefined;
}

function tooLong(line: number, length: number): string {
  return `has a line of ${length} bytes (line ${line}); ${MAX_LINE} are the most: use base64 or quoted-printable`;
}
