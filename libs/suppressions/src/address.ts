import { domainToASCII } from 'node:url';

/** RFC 5322 dot-atom: the only local parts that mail goes out to. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainPattern = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** What `domainToASCII` may be given: it reads a URL's host and would cut `example.com/x` and decode `%61`. */
const domainCharacters = /^[A-Za-z0-9.\u0080-\uffff-]+$/;

/**
 * An address as it is kept and compared: trimmed, lower case, the domain in punycode.
 *
 * @returns undefined when it is none that mail could go to
 */
export function normaliseAddress(text: string): string | undefined {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at).toLowerCase();
  const domain = trimmed.slice(at + 1);
  if (at < 1 || local.length > 64 || !localPart.test(local) || !domainCharacters.test(domain))
    return undefined;
  const ascii = domainToASCII(domain).toLowerCase();
  return ascii.length <= 253 && domainPattern.test(ascii) ? `${local}@${ascii}` : undefined;
}

/** The address of `Name <a@b>` or `a@b` as accepted mail has it (the domain in punycode already), to compare it with what is suppressed. */
export function addressOfMailbox(mailbox: string): string {
  const end = mailbox.endsWith('>') ? mailbox.length - 1 : mailbox.length;
  const start = end === mailbox.length ? 0 : mailbox.lastIndexOf('<') + 1;
  return mailbox.slice(start, end).toLowerCase();
}
