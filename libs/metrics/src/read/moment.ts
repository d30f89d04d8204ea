import { startOfCivilDay } from './buckets.js';

/** A moment as a caller writes it: `2026-08-05T12:00:00Z`, or `2026-08-05` for when that day begins in the time zone. */
export function momentOf(text: string, timeZone: string): Date {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (day === undefined) return new Date(text);
  return startOfCivilDay(Date.UTC(Number(year), Number(month) - 1, Number(day)), timeZone);
}
