// A bucket refilled at exactly the allowed pace must not refuse because of floating-point dust.
const TOLERANCE = 1e-6;

/**
 * MaxSendRate, counted in recipients. A message with more recipients than there are tokens is accepted and leaves
 * a debt: five recipients at 1/s block the next message for about five seconds.
 */
export class RateBucket {
  private tokens: number | null = null;
  private updatedAt = 0;

  /** Takes `recipients` tokens, or answers false and takes none. `rate` may change between calls. */
  take(recipients: number, rate: number, now: number): boolean {
    const capacity = Math.max(1, rate);
    const elapsed = Math.max(0, now - this.updatedAt) / 1000;
    const tokens = this.tokens === null ? capacity : Math.min(capacity, this.tokens + elapsed * rate);
    this.updatedAt = now;
    this.tokens = tokens;
    if (tokens < 1 - TOLERANCE) return false;
    this.tokens = tokens - recipients;
    return true;
  }
}
