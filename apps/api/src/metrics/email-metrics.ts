import { ratesOf, type Counts, type Granularity, type MetricsAnswer, type Series } from '#libs/metrics';
import type { emailGranularities, EmailMetric } from './email-metrics.schemas.js';
import { bouncedOf } from './present-metrics.js';

export const granularityOf: Record<(typeof emailGranularities)[number], Granularity> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
};

export interface EmailMetricsLayout {
  metrics: readonly EmailMetric[];
  byPeriod: boolean;
  byDomain: boolean;
  /** By name. */
  domainIds: ReadonlyMap<string, string>;
}

/** One row for each combination of the dimensions that were asked for. */
export function emailMetricsRows({ starts, all, groups }: MetricsAnswer, layout: EmailMetricsLayout) {
  const { metrics, byPeriod, byDomain, domainIds } = layout;
  const series = byDomain ? (groups ?? []) : [all];
  const nameOf = ({ key }: Series) => {
    if (!byDomain) return {};
    const id = domainIds.get(key);
    return { domain_name: key, ...(id !== undefined && { domain_id: id }) };
  };
  return series.flatMap((one) =>
    byPeriod
      ? one.buckets.map(({ counts }, index) => ({
          period: starts[index]?.toISOString(),
          ...nameOf(one),
          ...select(counts, metrics),
        }))
      : [{ ...nameOf(one), ...select(one.totals.counts, metrics) }],
  );
}

/** The chosen metrics; a rate of nothing is 0. What Sesame does not have never happens. */
export function select(counts: Counts, metrics: readonly EmailMetric[]): Record<string, number> {
  const rates = ratesOf(counts);
  const known: Record<string, number | null> = {
    ...counts,
    ...rates,
    bounced: bouncedOf(counts),
    received: 0,
    unsubscribed: 0,
    unsubscribe_rate: 0,
  };
  return Object.fromEntries(metrics.map((name) => [name, known[name] ?? 0]));
}

/** The end of a range as Resend means it: a date is part of it. */
export function endOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  return new Date(Date.parse(text) + 24 * 3_600_000).toISOString().slice(0, 10);
}

/** By default a range begins six days before its end. */
export function startOf(end: string | undefined, now: Date): string {
  const to = end === undefined ? now : new Date(end);
  const isDate = end !== undefined && end.length === 10;
  const start = new Date(to.getTime() - (isDate ? 7 : 6) * 24 * 3_600_000).toISOString();
  return isDate ? start.slice(0, 10) : start;
}
