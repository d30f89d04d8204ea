import { LRUCache } from 'lru-cache';

const windowMs = 60_000;
const tolerated = 3;
const pauseMs = 15_000;

/**
 * Credentials that SES rejects again and again as soon as they are made point to something else (a wrong clock, a
 * region that is switched off). Then STS is not asked for more at once.
 */
export class RejectionMeter {
  private readonly counts = new LRUCache<string, { sinceMs: number; count: number }>({ max: 1_000 });

  /** Counts one rejection. @returns until when to pause, or null */
  pauseAfter(key: string, nowMs: number): Date | null {
    const known = this.counts.get(key);
    const entry =
      known !== undefined && nowMs - known.sinceMs < windowMs ? known : { sinceMs: nowMs, count: 0 };
    entry.count += 1;
    this.counts.set(key, entry);
    return entry.count > tolerated ? new Date(nowMs + pauseMs) : null;
  }
}
