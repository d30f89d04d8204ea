const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after the first failed attempt, the second …: eight attempts over about 28 hours (Resend's schedule). */
const retryDelaysMs = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
] as const;

/** Attempts that one message gets. */
export const MAX_DELIVERY_ATTEMPTS = retryDelaysMs.length + 1;

/** Ten percent each way: an endpoint that fell over is not met by everything at the same moment. */
const JITTER = 0.1;

/**
 * How long to wait after a failure.
 *
 * @param failures so far, the last one included @param random in [0, 1) @returns milliseconds, or undefined: that was the last attempt
 */
export function retryDelayMs(failures: number, random: number): number | undefined {
  const delay = retryDelaysMs[failures - 1];
  return delay === undefined ? undefined : Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}

const FIRST_REST_MS = 5 * SECOND;
const LONGEST_REST_MS = 5 * MINUTE;

/**
 * How long an endpoint that lets requests time out is left alone before a single one asks again. A time-out holds a socket for many
 * seconds, so it is the only failure that makes all of an endpoint's messages wait.
 *
 * @param trouble turns in a row in which nothing but time-outs happened
 */
export function restMs(trouble: number): number {
  return trouble <= 0 ? 0 : Math.min(FIRST_REST_MS * 2 ** (trouble - 1), LONGEST_REST_MS);
}
