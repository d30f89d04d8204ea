const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Upper ends of the classes in milliseconds; the last class, from the last end on, has none. Never change: rows name them by place. */
export const latencyEnds: readonly number[] = [
  250,
  500,
  ...[1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 45].map((n) => n * SECOND),
  ...[1, 2, 3, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 8, 24].map((n) => n * HOUR),
];

/** Of deliveries: how long SES needed until the recipient's server had the mail. */
export interface LatencyFigures {
  average_ms: number;
  p50_ms: number;
  p95_ms: number;
}

/** The class of a latency, from 0. */
export function latencyBucket(ms: number): number {
  const index = latencyEnds.findIndex((end) => ms <= end);
  return index < 0 ? latencyEnds.length : index;
}

/**
 * @param histogram deliveries by class @param sumMs of their latencies
 * @returns undefined without deliveries
 */
export function latencyFigures(
  histogram: ReadonlyMap<number, number>,
  sumMs: number,
): LatencyFigures | undefined {
  const total = [...histogram.values()].reduce((sum, count) => sum + count, 0);
  if (total <= 0) return undefined;
  return {
    average_ms: Math.round(sumMs / total),
    p50_ms: percentile(histogram, total, 0.5),
    p95_ms: percentile(histogram, total, 0.95),
  };
}

/** Within its class evenly spread; of the last class only the beginning is known. */
function percentile(histogram: ReadonlyMap<number, number>, total: number, share: number): number {
  const wanted = share * total;
  let before = 0;
  for (let bucket = 0; bucket < latencyEnds.length; bucket++) {
    const count = histogram.get(bucket) ?? 0;
    if (count > 0 && before + count >= wanted) {
      const from = latencyEnds[bucket - 1] ?? 0;
      const to = latencyEnds[bucket] ?? from;
      return Math.round(from + ((to - from) * (wanted - before)) / count);
    }
    before += count;
  }
  return latencyEnds.at(-1) ?? 0;
}
