import { latencyFigures, type LatencyFigures } from '../latency.js';
import { metricNames, noCounts, type Counts, type MetricName, type StoredMetric } from '../metric.js';
import type { SumRow } from './metrics.repository.js';

/** What was counted in one bucket, or in all of them. */
export interface Figures {
  counts: Counts;
  latency: LatencyFigures | undefined;
}

/** Of one group. */
export interface Series {
  /** What the group is for; empty without grouping, or for what has no name. */
  key: string;
  totals: Figures;
  /** One for each bucket, also where nothing was counted. */
  buckets: Figures[];
}

class Sum {
  readonly counts = noCounts();
  private readonly histogram = new Map<number, number>();
  private latencyMs = 0;

  add(metric: StoredMetric, bucket: number, value: number): void {
    if (metric === 'latency') this.histogram.set(bucket, (this.histogram.get(bucket) ?? 0) + value);
    else if (metric === 'latency_ms') this.latencyMs += value;
    else if (isCounted(metric)) this.counts[metric] += value;
  }

  figures(): Figures {
    return { counts: this.counts, latency: latencyFigures(this.histogram, this.latencyMs) };
  }
}

const counted = new Set<string>(metricNames);
/** A later version may count more than this one knows. */
function isCounted(metric: string): metric is MetricName {
  return counted.has(metric);
}

/** All rows together, as one series without a key. */
export function addUp(rows: readonly SumRow[], buckets: number): Series {
  const total = new Sum();
  const sums = Array.from({ length: buckets }, () => new Sum());
  for (const { index, metric, bucket, value } of rows) {
    total.add(metric, bucket, value);
    sums[index]?.add(metric, bucket, value);
  }
  return { key: '', totals: total.figures(), buckets: sums.map((sum) => sum.figures()) };
}

/** @returns a series for each group, the busiest first */
export function addUpGroups(rows: readonly SumRow[], buckets: number): Series[] {
  const groups = new Map<string, SumRow[]>();
  for (const row of rows) {
    const group = groups.get(row.group);
    if (group === undefined) groups.set(row.group, [row]);
    else group.push(row);
  }
  const weight = ({ totals: { counts } }: Series) => metricNames.reduce((sum, name) => sum + counts[name], 0);
  return [...groups]
    .map(([key, own]) => ({ ...addUp(own, buckets), key }))
    .sort(
      (a, b) =>
        b.totals.counts.sent - a.totals.counts.sent || weight(b) - weight(a) || (a.key < b.key ? -1 : 1),
    );
}
