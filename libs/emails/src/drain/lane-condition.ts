import type { Verdict } from './classify.js';

/** A used-up 24-hour quota is looked at again this often. */
export const QUOTA_RETRY_MS = 5 * 60_000;
const PAUSED_RETRY_MS = 60_000;
/** Failures of SES or the way to it, in a row, that open the circuit breaker. */
const FAILURES_TO_OPEN = 5;
const BREAKER_BASE_MS = 2_000;
const BREAKER_CAP_MS = 120_000;

/** How long the lane rests because of one email's verdict; 0: it goes on. */
function restMs(action: Verdict['action']): number {
  switch (action) {
    case 'throttle':
      return 1_000;
    case 'quota':
      return QUOTA_RETRY_MS;
    case 'pause':
      return PAUSED_RETRY_MS;
    case 'credentials':
      return 2_000;
    case 'unreachable':
    case 'uncertain':
    case 'retry':
    case 'denied':
    case 'fail':
      return 0;
  }
}

/**
 * What a slice learns about its lane: how long it must rest, and whether SES is there at all. A lane whose calls fail in a row
 * (no connection, lost answers, server errors) opens its circuit breaker: the rest of its mail goes back untouched, and
 * single mails probe at growing intervals until one gets through.
 */
export class LaneCondition {
  private restForMs = 0;
  private failuresInRow = 0;
  private hasSucceeded = false;

  /** @param trouble rounds in a row that ended with an open breaker before this one */
  constructor(private readonly trouble: number) {}

  succeeded(): void {
    this.failuresInRow = 0;
    this.hasSucceeded = true;
  }

  /** @returns whether the lane must stop now */
  failed(action: Verdict['action']): boolean {
    const rest = restMs(action);
    this.restForMs = Math.max(this.restForMs, rest);
    if (action === 'unreachable' || action === 'uncertain') this.failuresInRow += 1;
    return rest > 0 || this.isOpen();
  }

  /** While the breaker is open one mail at a time shows whether SES is back. */
  get isProbing(): boolean {
    return this.trouble > 0 && !this.hasSucceeded;
  }

  /** Rounds of trouble, this one included. */
  get troubleAfter(): number {
    if (this.isOpen()) return Math.min(this.trouble + 1, 100);
    return this.hasSucceeded ? 0 : this.trouble;
  }

  /** How long the lane rests, in milliseconds. @param random in [0, 1) */
  restMs(random: number): number {
    if (!this.isOpen()) return this.restForMs;
    const breaker = Math.min(BREAKER_CAP_MS, BREAKER_BASE_MS * 2 ** Math.min(this.trouble, 10));
    return Math.max(this.restForMs, breaker * (0.75 + random / 2));
  }

  private isOpen(): boolean {
    return this.failuresInRow >= (this.trouble > 0 ? 1 : FAILURES_TO_OPEN);
  }
}
