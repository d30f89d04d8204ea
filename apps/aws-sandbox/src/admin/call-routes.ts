import type { JournalEntry } from '../state/journal.js';
import { AdminError } from './admin-error.js';
import type { AdminCall, AdminRoute } from './admin-router.js';

/** Reads `limit` from the query: 1 and up, or no limit. */
export const readLimit = (query: URLSearchParams): number => {
  const text = query.get('limit');
  if (text === null) return Infinity;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new AdminError('limit is a whole number from 1', 'limit');
  return limit;
};

/** Oldest first, as a log reads; with a limit the newest that many. */
const listCalls = ({ world, query }: AdminCall): JournalEntry[] => {
  const service = query.get('service');
  const action = query.get('action');
  const account = query.get('account');
  const limit = readLimit(query);
  const found: JournalEntry[] = [];
  for (const entry of world.journal.newestFirst()) {
    if (service !== null && entry.service !== service) continue;
    if (action !== null && entry.action !== action) continue;
    if (account !== null && entry.account_id !== account) continue;
    found.push(entry);
    if (found.length === limit) break;
  }
  return found.reverse();
};

export const CALL_ROUTES: readonly AdminRoute[] = [
  { on: 'GET /calls', run: listCalls },
  {
    on: 'DELETE /calls',
    run: ({ world }) => {
      world.journal.clear();
      return { deleted: true };
    },
  },
];
