export const granularities = ['hour', 'day', 'week', 'month'] as const;
export type Granularity = (typeof granularities)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A calendar date, as the milliseconds at which it begins in UTC. */
type CivilDay = number;

/**
 * Where the buckets begin that a range touches, and where the last one ends. Days, weeks (from Monday) and months are those of the time
 * zone, 23 and 25 hour days included; hours are whole hours in UTC, which is what is stored.
 *
 * @param to not part of the range @param max more buckets than this are not made
 * @returns undefined when there would be more
 */
export function bucketStarts(
  from: Date,
  to: Date,
  granularity: Granularity,
  timeZone: string,
  max: number,
): { starts: Date[]; end: Date } | undefined {
  const starts: Date[] = [];
  if (granularity === 'hour') {
    let at = Math.floor(from.getTime() / HOUR_MS) * HOUR_MS;
    for (; at < to.getTime(); at += HOUR_MS) {
      if (starts.length === max) return undefined;
      starts.push(new Date(at));
    }
    return { starts, end: new Date(at) };
  }
  let day = firstOf(civilDayOf(from, timeZone), granularity);
  for (; ; day = nextOf(day, granularity)) {
    const start = startOfCivilDay(day, timeZone);
    if (start >= to) return { starts, end: start };
    if (starts.length === max) return undefined;
    starts.push(start);
  }
}

/** The calendar date, in a time zone, of a moment. */
function civilDayOf(at: Date, timeZone: string): CivilDay {
  return Math.floor((at.getTime() + offsetMs(at.getTime(), timeZone)) / DAY_MS) * DAY_MS;
}

function firstOf(day: CivilDay, granularity: Exclude<Granularity, 'hour'>): CivilDay {
  const date = new Date(day);
  if (granularity === 'week') return day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  return granularity === 'month' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) : day;
}

function nextOf(day: CivilDay, granularity: Exclude<Granularity, 'hour'>): CivilDay {
  const date = new Date(day);
  if (granularity === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return day + (granularity === 'week' ? 7 : 1) * DAY_MS;
}

/** The first moment of a calendar date: where midnight is skipped the end of the gap, where it comes twice the first. */
export function startOfCivilDay(day: CivilDay, timeZone: string): Date {
  const one = day - offsetMs(day, timeZone);
  const other = day - offsetMs(one, timeZone);
  let start = Math.max(one, other);
  while (civilDayOf(new Date(start - HOUR_MS), timeZone) === day) start -= HOUR_MS;
  return new Date(start);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATS = 600;

/** Local time minus UTC. */
function offsetMs(at: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const seconds = Math.floor(at / 1000) * 1000;
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(seconds)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - seconds;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Names differ in upper and lower case: a bound, so that nobody can make many.
  if (formats.size < MAX_FORMATS) formats.set(timeZone, format);
  return format;
}

/** Whether a name is a time zone of the IANA database. */
export function isTimeZone(name: string): boolean {
  // Offsets such as +02:00 are no names.
  if (!/^[A-Za-z]/.test(name) || name.length > 64) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}
