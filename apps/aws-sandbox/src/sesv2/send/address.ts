/** A mailbox as written, taken apart. */
export interface Address {
  readonly written: string;
  /** The bare address: what `ses:FromAddress` and `ses:Recipients` hold. */
  readonly address: string;
  readonly displayName: string | null;
  readonly domain: string;
}

const PLAIN = /^[!#-'*+\-./0-9=?A-Z^-~]+@([A-Za-z0-9-][A-Za-z0-9.-]*)$/;
const MAX_LENGTH = 320;

/** Removes `(comments)` outside quotes, which may nest. */
const withoutComments = (mailbox: string): string => {
  if (!mailbox.includes('(')) return mailbox.trim();
  let out = '';
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < mailbox.length; i++) {
    const c = mailbox[i] ?? '';
    if (c === '\\') {
      if (depth === 0) out += mailbox.slice(i, i + 2);
      i++;
    } else if (c === '"' && depth === 0) {
      isQuoted = !isQuoted;
      out += c;
    } else if (!isQuoted && c === '(') depth++;
    else if (depth > 0 && c === ')') depth--;
    else if (depth === 0) out += c;
  }
  return out.trim();
};

const lastUnquotedAngle = (text: string): number => {
  let found = -1;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') isQuoted = !isQuoted;
    else if (text[i] === '<' && !isQuoted) found = i;
  }
  return found;
};

const isControlOrSpace = (c: string): boolean => c <= ' ' || c >= '\u007f';

/** Position of the `@` that ends the local part, or the text of what is wrong with it. */
const scanLocalPart = (address: string): number | string => {
  let isQuoted = false;
  for (let i = 0; i < address.length; i++) {
    const c = address[i] ?? '';
    if (c === '\\') i++;
    else if (c === '"') isQuoted = !isQuoted;
    else if (isQuoted) {
      if (c === '\r' || c === '\n') return `Invalid email address ${address}.`;
    } else if (c === '@') return i;
    else if (isControlOrSpace(c)) return 'Local address contains control or whitespace';
  }
  return "Missing final '@domain'";
};

/** Takes a mailbox apart, or gives the text SES refuses it with. Non-ASCII belongs in the display name only. */
export const parseAddress = (written: string): Address | string => {
  const plain = PLAIN.exec(written);
  if (plain !== null) return { written, address: written, displayName: null, domain: plain[1] ?? '' };
  const mailbox = withoutComments(written);
  const open = lastUnquotedAngle(mailbox);
  const hasAngle = open >= 0 && mailbox.endsWith('>');
  const address = hasAngle ? mailbox.slice(open + 1, -1).trim() : mailbox;
  const at = scanLocalPart(address);
  if (typeof at === 'string') return at;
  if (at === 0) return 'Missing local name';
  const domain = address.slice(at + 1);
  if (domain === '') return 'Missing domain';
  if ([...domain].some(isControlOrSpace)) return 'Domain contains control or whitespace';
  if (domain.startsWith('.')) return 'Domain starts with dot';
  if (/[^A-Za-z0-9.-]/.test(domain) && !/^\[.*\]$/.test(domain)) return 'Domain contains illegal character';
  const name = hasAngle
    ? mailbox
        .slice(0, open)
        .trim()
        .replace(/^"(.*)"$/s, '$1')
    : '';
  return { written, address, displayName: name === '' ? null : name, domain };
};

export const tooLong = (written: string): string | null =>
  written.length > MAX_LENGTH
    ? `Address length is more than ${MAX_LENGTH} characters long: '${written}'.`
    : null;

/** Splits a header's address list at commas outside quotes, comments and angle brackets. */
export const splitAddressList = (value: string): string[] => {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  let depth = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value[i] ?? '';
    if (c === '\\') part += c + (value[++i] ?? '');
    else {
      if (c === '"' && depth === 0) isQuoted = !isQuoted;
      else if (!isQuoted && (c === '(' || c === '<')) depth++;
      else if (!isQuoted && (c === ')' || c === '>')) depth--;
      if (c === ',' && !isQuoted && depth <= 0) {
        parts.push(part.trim());
        part = '';
      } else part += c;
    }
  }
  parts.push(part.trim());
  return parts.filter((item) => item !== '');
};

const SIMULATOR_DOMAIN = 'simulator.amazonses.com';
export type SimulatorMailbox = 'success' | 'bounce' | 'ooto' | 'complaint' | 'suppressionlist';
const SIMULATOR_MAILBOXES: readonly string[] = ['success', 'bounce', 'ooto', 'complaint', 'suppressionlist'];

/** The mailbox of a simulator address, `+label` removed; null for every other address. */
export const simulatorMailbox = (address: Address): SimulatorMailbox | null => {
  if (address.domain.toLowerCase() !== SIMULATOR_DOMAIN) return null;
  const local = (
    address.address.slice(0, address.address.lastIndexOf('@')).split('+', 1)[0] ?? ''
  ).toLowerCase();
  return SIMULATOR_MAILBOXES.includes(local) ? (local as SimulatorMailbox) : null;
};
