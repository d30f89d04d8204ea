import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer.
 *
 * @param probe returns something truthy when done; an exception counts as "not yet".
 * @returns what the probe returned, or `undefined` when the time is over.
 */
export async function waitFor(probe, { timeoutMs, everyMs = 100, signal }) {
  const until = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await Promise.resolve()
      .then(probe)
      .catch(() => undefined);
    if (answer) return answer;
    if (performance.now() >= until) return undefined;
    await sleep(everyMs, undefined, { signal });
  }
}
