import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks every 200 ms until the answer is final.
 *
 * @returns the first final answer, or the last one seen when the time is over.
 */
export async function waitUntil<T>(
  ask: () => Promise<T>,
  isFinal: (answer: T) => boolean,
  timeoutMs: number,
): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isFinal(answer) || performance.now() >= until) return answer;
    await sleep(200);
  }
}
