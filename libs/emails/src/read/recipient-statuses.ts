import { addressOfMailbox } from '#libs/suppressions';

/** What happened to one recipient. */
export interface RecipientView {
  email: string;
  status: string;
  /** When it came to that. */
  at: string;
}

export interface RecipientEvent {
  type: string;
  at: Date;
  recipient: string | null;
  data: unknown;
}

/** Later ones win, whatever came first: libs/events says the same of whole emails (precedence.ts, where the reasons stand). */
const order = [
  'delivery_delayed',
  'temporary bounce',
  'suppressed',
  'delivered',
  'failed',
  'bounced',
  'complained',
];

function placeOf({ type, data }: RecipientEvent): number {
  const isTemporary = type === 'bounced' && (data as { type?: unknown } | null)?.type !== 'Permanent';
  return order.indexOf(isTemporary ? 'temporary bounce' : type);
}

/**
 * Each address once, in the order of To, Cc and Bcc. An event that names nobody (Amazon SES refused the message) is everybody's.
 *
 * @param email what is true of recipients that no event tells about
 */
export function recipientStatuses(
  addresses: { to: readonly string[]; cc: readonly string[]; bcc: readonly string[] },
  events: readonly RecipientEvent[],
  email: { status: string; at: Date; sentAt: Date | null },
): RecipientView[] {
  const { to, cc, bcc } = addresses;
  const everybody = new Set([...to, ...cc, ...bcc].map(addressOfMailbox));
  const untold =
    email.sentAt === null ? { status: email.status, at: email.at } : { status: 'sent', at: email.sentAt };
  return [...everybody].map((address) => {
    const telling = events.filter(
      (event) => placeOf(event) >= 0 && (event.recipient === null || event.recipient === address),
    );
    const [last] = telling.sort((a, b) => placeOf(b) - placeOf(a) || b.at.getTime() - a.at.getTime());
    const { status, at } = last === undefined ? untold : { status: last.type, at: last.at };
    return { email: address, status, at: at.toISOString() };
  });
}
