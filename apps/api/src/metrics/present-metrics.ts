import { ratesOf, type Counts, type Figures, type MetricsAnswer, type Series } from '#libs/metrics';

/** All bounces together, as Resend counts them. */
export function bouncedOf(counts: Counts): number {
  return counts.bounced_permanent + counts.bounced_transient + counts.bounced_undetermined;
}

/** The figures of an answer as the API shows them. */
export function presentMetrics({ starts, end, all, groups, hasMoreGroups }: MetricsAnswer) {
  return {
    object: 'metrics',
    from: (starts[0] ?? end).toISOString(),
    to: end.toISOString(),
    ...presentSeries(all, starts),
    has_more: hasMoreGroups,
    groups:
      groups?.map((series) => ({
        group: series.key === '' ? null : series.key,
        ...presentSeries(series, starts),
      })) ?? null,
  };
}

function presentSeries({ totals, buckets }: Series, starts: readonly Date[]) {
  return {
    totals: { ...presentFigures(totals), ...ratesOf(totals.counts) },
    data: buckets.map((figures, index) => ({ at: starts[index]?.toISOString(), ...presentFigures(figures) })),
  };
}

function presentFigures({ counts, latency }: Figures) {
  return { ...counts, bounced: bouncedOf(counts), latency: latency ?? null };
}
