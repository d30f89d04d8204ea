/** The recipients in the body of SES SendEmail. */
export interface Destination {
  ToAddresses?: string[];
  CcAddresses?: string[];
  BccAddresses?: string[];
}

const KEY = '"Destination":';

/**
 * Reads the recipients out of a payload without parsing its body, which may be megabytes: the key stands near the front, and
 * cannot be mistaken, because quotes inside of JSON texts are escaped.
 */
export function readDestination(payload: string): { destination: Destination; start: number; end: number } {
  const key = payload.indexOf(KEY);
  const start = key + KEY.length;
  const end = key < 0 ? 0 : endOfObject(payload, start);
  if (end === 0) throw new Error('a payload without a Destination');
  return { destination: JSON.parse(payload.slice(start, end)) as Destination, start, end };
}

/** All recipients as the payload writes them. */
export function recipientsOf({
  ToAddresses = [],
  CcAddresses = [],
  BccAddresses = [],
}: Destination): string[] {
  return [...ToAddresses, ...CcAddresses, ...BccAddresses];
}

/** The payload without some of its recipients; a list that is empty then is left out. */
export function withoutRecipients(payload: string, isLeftOut: (mailbox: string) => boolean): string {
  const { destination, start, end } = readDestination(payload);
  const kept = Object.entries(destination as Record<string, string[]>)
    .map(([field, mailboxes]) => [field, mailboxes.filter((mailbox) => !isLeftOut(mailbox))] as const)
    .filter(([, mailboxes]) => mailboxes.length > 0);
  return payload.slice(0, start) + JSON.stringify(Object.fromEntries(kept)) + payload.slice(end);
}

/** The index behind the brace that closes an object without inner objects; 0 when there is none. */
function endOfObject(text: string, start: number): number {
  let isInText = false;
  for (let at = start; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x5c) at += 1;
    else if (character === 0x22) isInText = !isInText;
    else if (character === 0x7d && !isInText) return at + 1;
  }
  return 0;
}
