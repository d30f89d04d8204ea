import { z } from 'zod';

/** Broadcast: what happened in a project, for whoever watches it. */
export const liveTopic = 'live.happened';
/** Broadcast with a project's id: somebody watches it. Said again as long as that is so. */
export const watchTopic = 'live.watched';

/** Something that happened to an email: its new status, or `opened` and the like. */
export interface EmailHappening {
  id: string;
  event: string;
}

/** What goes over the broadcast: what happened in a project within about a second. */
export const noticeSchema = z.object({
  projectId: z.uuid(),
  /** The last that happened to each of some emails. */
  emails: z.array(z.object({ id: z.uuid(), event: z.string() })),
  /** Happenings by kind, all of them. */
  counts: z.record(z.string(), z.int()),
});
export type LiveNotice = z.infer<typeof noticeSchema>;

/** What a watcher gets. Ids and small facts only: what an email says is read where rights are checked. */
export type LiveEvent =
  /** The stream begins; nothing was missed. */
  | { type: 'ready' }
  /** Something may have been missed: read again what is on the screen. */
  | { type: 'reset' }
  /** `more`: how many happenings are not named. */
  | { type: 'email.status'; emails: EmailHappening[]; more: number }
  /** What was added to the metrics since the last one. */
  | { type: 'metrics'; counts: Record<string, number> }
  | { type: 'connection.status'; id: string; status: string };
