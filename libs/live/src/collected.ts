import type { EmailHappening, LiveNotice } from './live-event.js';

/** Emails that one notice names: a broadcast takes 8 000 bytes. */
export const MAX_NAMED = 50;

/** What happened in a project since its last notice. */
export class Collected {
  private readonly emails = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  get isEmpty(): boolean {
    return this.counts.size === 0;
  }

  add({ id, event }: EmailHappening): void {
    this.counts.set(event, (this.counts.get(event) ?? 0) + 1);
    if (this.emails.has(id) || this.emails.size < MAX_NAMED) this.emails.set(id, event);
  }

  /** @returns all of it; nothing is left */
  take(projectId: string): LiveNotice {
    const notice = {
      projectId,
      emails: [...this.emails].map(([id, event]) => ({ id, event })),
      counts: Object.fromEntries(this.counts),
    };
    this.emails.clear();
    this.counts.clear();
    return notice;
  }
}
