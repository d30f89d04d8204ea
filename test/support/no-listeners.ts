import type { PublishEvents } from '#libs/webhooks';

/** No project has a webhook. */
export const noListeners: Pick<PublishEvents, 'isHeard' | 'isAtFault' | 'store' | 'wake' | 'execute'> = {
  isHeard: () => false,
  isAtFault: () => false,
  store: () => Promise.resolve([]),
  wake: () => undefined,
  execute: () => Promise.resolve(),
};
