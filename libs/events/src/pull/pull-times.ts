/** For this long after the last mail or event the queue is waited at without a pause. */
const closeMs = 60_000;
/** SQS keeps nothing longer, so there is nothing left to come. */
const keptMs = 14 * 24 * 3_600_000;
/** Above this many waits at once in a process, each is short. */
const manyWaits = 32;

/** How long to wait for a first message, in seconds. @param waits of this process at the moment */
export function longPollSeconds(quietMs: number, waits: number): number {
  if (quietMs >= closeMs) return 1;
  return waits > manyWaits ? 2 : 20;
}

/**
 * When to look into the queue next. Nearly all events come within seconds; late bounces and complaints have time, and a source without
 * mail costs nothing.
 *
 * @param quietMs since mail went out or an event came in
 * @returns milliseconds; undefined: not before mail goes out again
 */
export function nextPullMs(quietMs: number): number | undefined {
  if (quietMs < closeMs) return 0;
  if (quietMs >= keptMs) return undefined;
  return Math.min(Math.max(quietMs / 10, 5_000), 3_600_000);
}
