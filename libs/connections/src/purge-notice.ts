import { z } from 'zod';

/** Broadcast topic: every process drops what it remembers of these credentials. */
export const purgeTopic = 'session.purged';

const schema = z.object({
  connectionId: z.uuid(),
  /** With `generation`: only that one. Without: everything of the connection. */
  purpose: z.string().optional(),
  generation: z.number().int().optional(),
});
export type PurgeNotice = z.infer<typeof schema>;

export function writePurge(notice: PurgeNotice): string {
  return JSON.stringify(notice);
}

/** Undefined for what a newer version might send: the listener then forgets everything, which is always safe. */
export function readPurge(message: string): PurgeNotice | undefined {
  try {
    return schema.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}
