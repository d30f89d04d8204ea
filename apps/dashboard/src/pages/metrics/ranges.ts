const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const ranges = {
  day: { text: 'Last 24 hours', backMs: 24 * HOUR, by: ['hour'] },
  week: { text: 'Last 7 days', backMs: 7 * DAY, by: ['day', 'hour'] },
  month: { text: 'Last 30 days', backMs: 30 * DAY, by: ['day', 'hour'] },
  // Beyond 90 days only days of UTC are kept.
  year: { text: 'Last 12 months', backMs: 365 * DAY, by: ['week', 'month'] },
} as const satisfies Record<
  string,
  { text: string; backMs: number; by: readonly [Granularity, ...Granularity[]] }
>;
export type Range = keyof typeof ranges;
export type Granularity = 'hour' | 'day' | 'week' | 'month';

/** For the API's query; whole minutes, so that asking again within one is the same question. */
export function periodOf(range: Range, now = Date.now()): { from: string; timezone: string } {
  return {
    from: new Date(Math.floor(now / 60_000) * 60_000 - ranges[range].backMs).toISOString(),
    timezone: range === 'year' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** What a bucket is called: its hour, its day, its month. */
export function bucketName(at: string, granularity: Granularity, range: Range): string {
  const options: Record<Granularity, Intl.DateTimeFormatOptions> = {
    hour:
      range === 'day'
        ? { hour: '2-digit', minute: '2-digit' }
        : { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    day: { day: 'numeric', month: 'short' },
    week: { day: 'numeric', month: 'short' },
    month: { month: 'short', year: 'numeric' },
  };
  return new Intl.DateTimeFormat(undefined, {
    ...options[granularity],
    ...(range === 'year' && { timeZone: 'UTC' }),
  }).format(new Date(at));
}
