import type { paths } from '../../api/schema';
import { textsOf } from '../../ui/search-list';

type Query = NonNullable<paths['/logs']['get']['parameters']['query']>;
type Method = NonNullable<Query['method']>;

/** Every method there is: a missing one does not compile. */
export const methods = Object.keys({
  GET: true,
  POST: true,
  PATCH: true,
  PUT: true,
  DELETE: true,
} satisfies Record<Method, true>) as Method[];

const names = [
  'status',
  'endpoint',
  'api_key_id',
  'since',
  'until',
  'after',
] as const satisfies readonly (keyof Query)[];

export type LogSearch = Partial<Record<(typeof names)[number], string>> & { method?: Method };

/** The search that an address of the page tells. */
export function readLogSearch(search: Record<string, unknown>): LogSearch {
  const method = methods.find((one) => one === search['method']);
  return { ...textsOf(search, names), ...(method !== undefined && { method }) };
}
