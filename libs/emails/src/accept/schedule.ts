import * as chrono from 'chrono-node';

/** Resend's limit. */
const MAX_AHEAD_MS = 30 * 24 * 3600 * 1000;

export type Schedule = { at: Date } | { problem: string };

const isoLike = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2}(:?\d{2})?)?$/i;

/**
 * Reads `scheduled_at`: ISO 8601 (without a zone: UTC) or natural language (`in 1 hour`, `tomorrow at 9am`). A time in
 * the past means now: a slow caller's mail is late, not wrong.
 */
export function parseSchedule(text: string, now: Date): Schedule {
  const at = isoLike.test(text.trim())
    ? parseIso(text.trim())
    : chrono.parseDate(text, { instant: now, timezone: 'UTC' }, { forwardDate: true });
  if (at === null || Number.isNaN(at.getTime())) {
    return { problem: 'must be an ISO 8601 date or a phrase like `in 1 hour`' };
  }
  if (at.getTime() - now.getTime() > MAX_AHEAD_MS) return { problem: 'must be at most 30 days ahead' };
  return { at };
}

function parseIso(text: string): Date {
  const hasTime = /[T ]\d{2}:/.test(text);
  const hasZone = /(Z|[+-]\d{2}:?\d{2}(:?\d{2})?)$/i.test(text) && hasTime;
  return new Date(
    `${text.replace(' ', 'T').replaceAll(' ', '')}${hasTime && !hasZone ? 'Z' : ''}`.replace(
      /([+-]\d{2})(\d{2})$/,
      '$1:$2',
    ),
  );
}
