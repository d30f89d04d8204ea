import { monitorEventLoopDelay } from 'node:perf_hooks';

const PERIOD_MS = 100;
const RESOLUTION_MS = 5;
/** Loop delays beyond the timer's own: above the first there is more work than the core does in time, below the second there is room. */
const TOO_SLOW_MS = 3;
const FAST_MS = 1.5;
const LEAST = 16;

/** Pure: the next limit of calls in flight. @param delayMs mean delay of the event loop @param isFull whether the limit was reached */
export function nextLimit(limit: number, delayMs: number, isFull: boolean, most: number): number {
  if (delayMs > TOO_SLOW_MS) return Math.max(Math.min(LEAST, most), Math.floor(limit * 0.8));
  if (delayMs < FAST_MS && isFull) return Math.min(most, limit + Math.max(4, Math.floor(limit / 8)));
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

  /** @param apply called with each new limit; says whether the last one was reached */
  constructor(
    private readonly most: number,
    private readonly apply: (limit: number) => boolean,
  ) {
    this.limit = most;
    this.delay.enable();
    this.timer = setInterval(() => this.adjust(), PERIOD_MS);
    this.timer.unref();
  }

  private adjust(): void {
    const delayMs = Math.max(0, this.delay.mean / 1e6 - RESOLUTION_MS);
    this.delay.reset();
    const isFull = this.apply(this.limit);
    this.limit = Number.isFinite(delayMs) ? nextLimit(this.limit, delayMs, isFull, this.most) : this.limit;
  }

  close(): void {
    clearInterval(this.timer);
    this.delay.disable();
  }
}
