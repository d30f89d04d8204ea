import type { LiveNotices } from '#libs/live';
import type { PublishEvents } from '#libs/webhooks';

/** No project has a webhook. */
export const noListeners: Pick<PublishEvents, 'isHeard' | 'isAtFault' | 'store' | 'wake' | 'execute'> = {
  isHeard: () => false,
  isAtFault: () => false,
  store: () => Promise.resolve([]),
  wake: () => undefined,
  execute: () => Promise.resolve(),
};

/** Nobody looks at live updates. */
export const noWatchers: Pick<LiveNotices, 'add'> = { add: () => undefined };
