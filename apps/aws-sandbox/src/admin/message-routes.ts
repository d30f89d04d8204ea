import { setImmediate } from 'node:timers/promises';
import type { StoredMessage } from '../state/message.js';
import type { World } from '../state/world.js';
import { AdminError } from './admin-error.js';
import { AdminReply, type AdminCall, type AdminRoute } from './admin-router.js';
import { buildRaw } from './build-raw.js';
import { readLimit } from './call-routes.js';
import { presentMessage } from './present-message.js';

const YIELD_EVERY = 50;

export const findMessage = (world: World, messageId: string): StoredMessage => {
  for (const message of world.messages.newestFirst()) if (message.messageId === messageId) return message;
  throw new AdminError('no such message', 'message_id', 404);
};

/**
 * Newest first. `after` keeps only messages accepted after that one; together with `limit` it is the oldest of those,
 * so that going on from the first of each page misses nothing.
 */
const selectMessages = (world: World, query: URLSearchParams): StoredMessage[] => {
  const account = query.get('account');
  const to = query.get('to')?.toLowerCase() ?? null;
  const after = query.get('after');
  const limit = readLimit(query);
  const found: StoredMessage[] = [];
  for (const message of world.messages.newestFirst()) {
    if (message.messageId === after) break;
    if (account !== null && message.accountId !== account) continue;
    if (
      to !== null &&
      ![...message.to, ...message.cc, ...message.bcc].some((address) => address.toLowerCase().includes(to))
    )
      continue;
    found.push(message);
    if (after === null && found.length === limit) break;
  }
  return limit === Infinity ? found : found.slice(-limit);
};

/** Building MIME text for thousands of messages takes seconds: sends go on in between. */
const listMessages = async ({ world, query }: AdminCall): Promise<unknown> => {
  const withRaw = query.get('raw') !== 'false';
  const shown: unknown[] = [];
  for (const [i, message] of selectMessages(world, query).entries()) {
    if (i % YIELD_EVERY === YIELD_EVERY - 1) await setImmediate();
    shown.push(await presentMessage(message, withRaw));
  }
  return shown;
};

const rawMessage = async ({ world, params }: AdminCall): Promise<AdminReply> =>
  new AdminReply({
    status: 200,
    headers: { 'content-type': 'message/rfc822' },
    body: await buildRaw(findMessage(world, params['id'] ?? '')),
  });

export const MESSAGE_ROUTES: readonly AdminRoute[] = [
  { on: 'GET /messages', run: listMessages },
  {
    on: 'GET /messages/{id}',
    run: ({ world, params }) => presentMessage(findMessage(world, params['id'] ?? ''), true),
  },
  { on: 'GET /messages/{id}/raw', run: rawMessage },
  {
    on: 'DELETE /messages',
    run: ({ world }) => {
      world.messages.clear();
      world.onChange();
      return { deleted: true };
    },
  },
];
