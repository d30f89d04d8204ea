/** One header of a message, where its bytes are. */
export interface HeaderField {
  /** In lower case. */
  name: string;
  /** First byte of its line. */
  start: number;
  /** First byte of the value, after the colon. */
  valueStart: number;
  /** One past the line break of its last line, folded ones included. */
  end: number;
}

/** The head of a message. */
export interface Head {
  fields: HeaderField[];
  /** First byte of the empty line that ends the head; the length of the message where there is none. */
  end: number;
}

const LF = 0x0a;
const COLON = 0x3a;
const MAX_FIELDS = 1_000;
/** RFC 5322, with the space before the colon that its obsolete syntax allows. */
const fieldName = /^[!-9;-~]+[ \t]*$/;

/**
 * Finds the headers of a message whose lines end in CRLF. Nothing is guessed: a line that is neither a header nor a
 * folded one could be read differently by whoever gets the message next, and hide a header from us.
 *
 * @returns what is wrong with the head, or where everything is
 */
export function scanHead(message: Buffer): Head | { problem: string } {
  const fields: HeaderField[] = [];
  let start = 0;
  while (start < message.length) {
    const lineEnd = message.indexOf(LF, start);
    const end = lineEnd < 0 ? message.length : lineEnd + 1;
    if (isLineBreak(message, start)) return { fields, end: start };
    const last = fields.at(-1);
    if (isSpace(message[start])) {
      if (last === undefined) return { problem: 'begins with a folded line' };
      last.end = end;
    } else {
      const colon = message.subarray(start, end).indexOf(COLON);
      const name = colon < 0 ? '' : message.toString('latin1', start, start + colon);
      if (!fieldName.test(name)) return { problem: `has a line ${fields.length + 1} that is no header` };
      if (fields.length === MAX_FIELDS) return { problem: `has more than ${MAX_FIELDS} headers` };
      fields.push({ name: name.trimEnd().toLowerCase(), start, valueStart: start + colon + 1, end });
    }
    start = end;
  }
  return { fields, end: message.length };
}

/** The value of a header, unfolded; UTF-8 where it is that, else Latin-1, in which every byte means something. */
export function fieldValue(message: Buffer, { valueStart, end }: HeaderField): string {
  const bytes = message.subarray(valueStart, end);
  const utf8 = bytes.toString('utf8');
  const text = utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8;
  return text.replace(/\r?\n(?=[ \t])/g, '').trim();
}

/** The message without some of its headers; every other byte stays as it is. Without any to leave out: the same buffer. */
export function withoutFields(message: Buffer, dropped: readonly HeaderField[]): Buffer {
  if (dropped.length === 0) return message;
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end } of dropped) {
    parts.push(message.subarray(from, start));
    from = end;
  }
  parts.push(message.subarray(from));
  return Buffer.concat(parts);
}

function isLineBreak(message: Buffer, at: number): boolean {
  return message[at] === LF || (message[at] === 0x0d && message[at + 1] === LF);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
