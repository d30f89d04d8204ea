import { isUuid } from '#libs/crypto';

const PREFIX = 'msg_';

/** A message's id as receivers and the API see it. */
export function showMessageId(id: string): string {
  return PREFIX + id;
}

/** @returns undefined for what cannot be the id of a message */
export function readMessageId(shown: string): string | undefined {
  const id = shown.startsWith(PREFIX) ? shown.slice(PREFIX.length) : '';
  return isUuid(id) ? id : undefined;
}
