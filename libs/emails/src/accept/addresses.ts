import { domainToASCII } from 'node:url';
import { decodeWords } from 'postal-mime';

export interface Mailbox {
  /** Display name, decoded; empty when there is none. */
  name: string;
  /** `local@domain`, the domain in ASCII (punycode). */
  address: string;
  domain: string;
}

// eslint-disable-next-line no-control-regex -- control characters are exactly what must not get through
const controlCharacters = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
// eslint-disable-next-line no-control-regex -- the same, all of them
const allControlCharacters = /(?:[\u0000-\u001f\u007f]|\p{Surrogate})+/gu;
/** The only ASCII that a domain has. `domainToASCII` reads a URL's host: it would cut `example.com/x` and decode `%61`. */
const domainCharacters = /^[A-Za-z0-9.\u0080-\uffff-]+$/;
/** RFC 5322 dot-atom. SES takes 7-bit local parts only: SendEmail has no SMTPUTF8. */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainLabel = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Parses `email@example.com` or `Name <email@example.com>`. The name may be quoted, and encoded as in a header (RFC 2047); what
 * looks like a comment in it is part of it. Domains may be international. What is not taken, because SES does not take it or
 * because it is never meant: local parts that are quoted or not ASCII, IP addresses, comments beside an address, groups.
 *
 * @returns undefined when it is neither; line breaks and other control characters never pass
 */
export function parseMailbox(text: string): Mailbox | undefined {
  if (controlCharacters.test(text)) return undefined;
  const trimmed = text.trim();
  const bracket = trimmed.lastIndexOf('<');
  const hasBrackets = trimmed.endsWith('>') && bracket >= 0;
  const spec = hasBrackets ? trimmed.slice(bracket + 1, -1).trim() : trimmed;
  const name = hasBrackets ? readName(trimmed.slice(0, bracket).trim()) : '';
  const at = spec.lastIndexOf('@');
  const local = spec.slice(0, at);
  const domain = toAsciiDomain(spec.slice(at + 1));
  if (at < 1 || local.length > 64 || domain.length > 253 || !localPart.test(local)) return undefined;
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => domainLabel.test(label))) return undefined;
  // A number at the end makes an IP address of it.
  if (/^\d+$/.test(labels.at(-1) ?? '') || name.includes('<') || name.includes('>')) return undefined;
  const mailbox = { name, address: `${local}@${domain}`, domain };
  // SES's own limit for an address with its display name, as it is written.
  return formatMailbox(mailbox).length > 320 ? undefined : mailbox;
}

/** Punycode, lower case. Most domains are plain already, and the general way costs a URL parse. */
function toAsciiDomain(domain: string): string {
  if (/^[a-z0-9.-]+$/.test(domain)) return domain;
  return domainCharacters.test(domain) ? domainToASCII(domain).toLowerCase() : '';
}

function readName(written: string): string {
  const isQuoted = written.length > 1 && written.startsWith('"') && written.endsWith('"');
  const name = isQuoted ? written.slice(1, -1).replace(/\\(.)/g, '$1') : written;
  // Decoded here and encoded anew when it is written; a line break may hide in an encoded word.
  return name.includes('=?') ? decodeWords(name).replace(allControlCharacters, ' ').trim() : name;
}

/** Whether it is the local part alone that SES could not deliver to: it has no SMTPUTF8. */
export function hasInternationalLocalPart(text: string): boolean {
  const spec = text.slice(text.lastIndexOf('<') + 1);
  const local = spec.slice(0, Math.max(0, spec.lastIndexOf('@')));
  return /[^ -~]/.test(local) && !controlCharacters.test(text);
}

/** The mailbox as a header or SES writes it: names quoted, or RFC 2047 encoded where they are not ASCII. */
export function formatMailbox({ name, address }: Mailbox): string {
  if (name === '') return address;
  if (/^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+$/.test(name)) return `${name} <${address}>`;
  if (/^[ -~]+$/.test(name)) return `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
  return `${encodeWords(name)} <${address}>`;
}

/** RFC 2047 encoded words of at most 75 characters, cut between characters. */
function encodeWords(text: string): string {
  const words: string[] = [];
  let chunk = '';
  for (const character of text) {
    if (Buffer.byteLength(chunk + character) > 45) {
      words.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  words.push(chunk);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}
