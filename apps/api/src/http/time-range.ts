import { AppError } from '#libs/errors';

/** @throws AppError when the time ends before it begins */
export function timeRange(query: { since?: string | undefined; until?: string | undefined }): {
  since: Date | undefined;
  until: Date | undefined;
} {
  const since = moment(query.since);
  const until = moment(query.until);
  if (since !== undefined && until !== undefined && since >= until) {
    throw new AppError({
      code: 'http.empty_time_range',
      kind: 'invalid',
      field: 'until',
      message: '`until` must be later than `since`.',
    });
  }
  return { since, until };
}

/** Ids, which carry the time, begin in 1970. */
function moment(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(Math.max(0, Date.parse(text)));
}
