import { monitorEventLoopDelay } from 'node:perf_hooks';

const PERIOD_MS = 100;
const RESOLUTION_MS = 5;
const LEAST = 8;

/**
 * Loop delays, in milliseconds beyond the timer's own: above `tooSlow` there is more work than the core does in time, below `fast` there is
 * room. A lane that is alone makes nobody wait, and far-away endpoints need many calls in flight.
 */
const paces = { alone: { tooSlow: 6, fast: 3 }, shared: { tooSlow: 1.5, fast: 0.75 } } as const;

export interface Usage {
  /** Whether the limit was reached since the last look. */
  isFull: boolean;
  /** Whether more than one lane sends. */
  isShared: boolean;
}

/** Pure: the next limit of calls in flight. @param delayMs mean delay of the event loop */
export function nextLimit(limit: number, delayMs: number, { isFull, isShared }: Usage, most: number): number {
  const pace = isShared ? paces.shared : paces.alone;
  if (delayMs > pace.tooSlow) return Math.max(Math.min(LEAST, most), Math.floor(limit * 0.8));
  if (delayMs < pace.fast && isFull) return Math.min(most, limit + Math.max(4, Math.floor(limit / 8)));
  return limit;
}

/**
 * Keeps a worker quick when it is busy. Once the core is saturated, more calls in flight send no more mail; they only make every turn of
 * the event loop longer, and a single urgent mail needs several turns. So the limit follows the delay of the loop.
 */
export class AdaptiveLimit {
  private readonly delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly timer: NodeJS.Timeout;
  private limit: number;

  /** @param apply called with each new limit; says how the last one was used */
  constructor(
    private readonly most: number,
    private readonly apply: (limit: number) => Usage,
  ) {
    this.limit = most;
    this.delay.enable();
    this.timer = setInterval(() => this.adjust(), PERIOD_MS);
    this.timer.unref();
  }

  private adjust(): void {
    const delayMs = Math.max(0, this.delay.mean / 1e6 - RESOLUTION_MS);
    this.delay.reset();
    const usage = this.apply(this.limit);
    this.limit = Number.isFinite(delayMs) ? nextLimit(this.limit, delayMs, usage, this.most) : this.limit;
  }

  close(): void {
    clearInterval(this.timer);
    this.delay.disable();
  }
}
