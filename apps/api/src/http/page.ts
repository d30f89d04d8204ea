import { z } from 'zod';
import { AppError } from '#libs/errors';

/** Cursor pagination as Resend has it. */
export const pageSchema = z.object({
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .default(20),
  after: z.uuid('must be an id of the list').optional(),
  before: z.uuid('must be an id of the list').optional(),
});

/** @throws AppError when both cursors are given */
export function toPage(query: z.infer<typeof pageSchema>): {
  limit: number;
  after: string | undefined;
  before: string | undefined;
} {
  if (query.after !== undefined && query.before !== undefined) {
    throw new AppError({
      code: 'http.two_cursors',
      kind: 'invalid',
      field: 'before',
      message: 'Use `after` or `before`, not both.',
    });
  }
  return { limit: query.limit, after: query.after, before: query.before };
}
