import type { paths } from '../../api/schema';
import { textsOf } from '../../ui/search-list';

type Query = NonNullable<paths['/emails']['get']['parameters']['query']>;
export type EmailStatus = NonNullable<Query['status']>;

/** Every status there is, in the order of an email's life: a missing one does not compile. */
export const statuses = Object.keys({
  scheduled: true,
  queued: true,
  sending: true,
  sent: true,
  delivered: true,
  delivery_delayed: true,
  bounced: true,
  complained: true,
  suppressed: true,
  failed: true,
  canceled: true,
  expired: true,
  uncertain: true,
} satisfies Record<EmailStatus, true>) as EmailStatus[];

/** What the API lets a list be narrowed by. */
const names = [
  'connection_id',
  'recipient',
  'subject',
  'tag',
  'tag_value',
  'ses_message_id',
  'since',
  'until',
  'after',
] as const satisfies readonly (keyof Query)[];

export type EmailSearch = Partial<Record<(typeof names)[number], string>> & { status?: EmailStatus };

/** The search that an address of the page tells. */
export function readEmailSearch(search: Record<string, unknown>): EmailSearch {
  const status = statuses.find((one) => one === search['status']);
  return { ...textsOf(search, names), ...(status !== undefined && { status }) };
}
