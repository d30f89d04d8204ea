/** SES allows about one call of each kind per second (aws.md D.7): a look makes at most one of each. */
export const nextCallMs = 1_000;
const leastMs = 15 * 60_000;
const mostMs = 6 * 3_600_000;

/** Between two passes: a list in which nothing new appears is looked at less and less often. @param random 0 to 1 */
export function nextPassMs(quietPasses: number, random: number): number {
  return Math.min(mostMs, leastMs * 2 ** Math.min(quietPasses, 10)) * (0.9 + 0.2 * random);
}

/** What failed, and so how patiently it is tried again. */
export type SyncTrouble = 'throttled' | 'denied' | 'waiting';

const waits: Readonly<Record<SyncTrouble, { firstMs: number; mostMs: number }>> = {
  throttled: { firstMs: 2_000, mostMs: 5 * 60_000 },
  // Each refusal stands in the customer's CloudTrail; PUT asks at once.
  denied: { firstMs: 5 * 60_000, mostMs: 3_600_000 },
  waiting: { firstMs: 15_000, mostMs: 3_600_000 },
};

/** Exponential, with half of it by chance. @param failures in a row, this one not counted */
export function retryMs(trouble: SyncTrouble, failures: number, random: number): number {
  const { firstMs, mostMs } = waits[trouble];
  return Math.min(mostMs, firstMs * 2 ** Math.min(failures, 16)) * (0.5 + 0.5 * random);
}
