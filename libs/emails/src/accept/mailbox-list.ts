import { decodeWords } from 'postal-mime';
import { parseMailbox, type Mailbox } from './addresses.js';

/** One mailbox of an address header. */
export interface ListedMailbox {
  /** As people read it: unfolded, encoded words decoded. */
  written: string;
  /** Undefined when SES could not send to it. */
  mailbox: Mailbox | undefined;
}

/** The mailboxes of a From, To, Cc or Reply-To header, those of groups included. */
export function parseMailboxList(value: string): ListedMailbox[] {
  return splitMailboxes(value).map((item) => {
    const mailbox = parseMailbox(item);
    const written = printable(decodeWords(item));
    if (mailbox === undefined) return { written, mailbox };
    return { written, mailbox: { ...mailbox, name: printable(decodeWords(mailbox.name)) } };
  });
}

/** Line breaks and other control characters may hide in encoded words; what is shown and stored has none. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- what must not be there
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

/** Cuts at commas and semicolons that separate, and takes comments and names of groups away. */
function splitMailboxes(header: string): string[] {
  const value = header.replace(/\t/g, ' ');
  const items: string[] = [];
  let item = '';
  let depth = 0;
  let isQuoted = false;
  let isAngle = false;
  const flush = () => {
    if (item.trim() !== '') items.push(item.trim());
    item = '';
    isAngle = false;
  };
  for (let at = 0; at < value.length; at++) {
    const character = value.charAt(at);
    if (character === '\\' && (isQuoted || depth > 0)) {
      if (depth === 0) item += value.slice(at, at + 2);
      at += 1;
    } else if (depth > 0) {
      if (character === '(') depth += 1;
      if (character === ')') depth -= 1;
      // A comment separates, as a space does.
      if (depth === 0) item += ' ';
    } else if (isQuoted) {
      item += character;
      if (character === '"') isQuoted = false;
    } else if (character === '(') depth = 1;
    else if (character === ',' || character === ';') flush();
    // `Friends: a@example.com, b@example.com;`
    else if (character === ':' && !isAngle) item = '';
    else {
      if (character === '"') isQuoted = true;
      if (character === '<') isAngle = true;
      item += character;
    }
  }
  flush();
  return items;
}
