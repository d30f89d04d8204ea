/** Attempts that used up are enough: with the delays below the last one is about half a day after the first. */
export const MAX_ATTEMPTS = 14;

const BASE_MS = 5_000;
const CAP_MS = 3_600_000;

/**
 * Exponential backoff with full jitter: anywhere between nothing and the exponential delay, so that mails which failed
 * together do not come back together.
 *
 * @param attempt 1 for the first attempt @param random in [0, 1)
 * @returns milliseconds
 */
export function retryDelayMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt - 1, 20)));
}
