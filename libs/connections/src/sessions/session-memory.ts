import { LRUCache } from 'lru-cache';
import { purposes } from '#libs/queue';
import type { Purpose } from '../kit/permissions.js';
import type { PurgeNotice } from '../purge-notice.js';
import type { BrokeredSession } from './session.js';

export interface RememberedSession {
  readonly session: BrokeredSession;
  readonly refreshAtMs: number;
  /** When to look into the database for a newer generation. */
  nextLookMs: number;
  /** When use was last written down. */
  touchedMs: number;
}

/** Sessions of this process: bounded, and quick to forget. */
export class SessionMemory {
  private readonly entries: LRUCache<string, RememberedSession>;
  private forgotten = 0;

  constructor(capacity = 10_000) {
    this.entries = new LRUCache({ max: capacity });
  }

  get(connectionId: string, purpose: Purpose): RememberedSession | undefined {
    return this.entries.get(keyOf(connectionId, purpose));
  }

  /** Grows with every purge. A load that began before one must not be remembered: it may have read what was purged. */
  get purges(): number {
    return this.forgotten;
  }

  put(entry: RememberedSession): void {
    this.entries.set(keyOf(entry.session.connectionId, entry.session.purpose), entry);
  }

  forget({ connectionId, purpose, generation }: PurgeNotice): void {
    this.forgotten += 1;
    for (const each of purposes) {
      if (purpose !== undefined && purpose !== each) continue;
      const key = keyOf(connectionId, each);
      const entry = this.entries.peek(key);
      if (entry !== undefined && (generation === undefined || entry.session.generation <= generation))
        this.entries.delete(key);
    }
  }

  count(connectionId: string): number {
    return purposes.filter((purpose) => this.entries.has(keyOf(connectionId, purpose))).length;
  }

  forgetAll(): void {
    this.forgotten += 1;
    this.entries.clear();
  }
}

function keyOf(connectionId: string, purpose: Purpose): string {
  return `${connectionId}/${purpose}`;
}
