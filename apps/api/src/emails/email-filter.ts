import type { z } from 'zod';
import type { EmailFilter } from '#libs/emails';
import { timeRange } from '../http/time-range.js';
import { AppError } from '#libs/errors';
import type { emailPageSchema } from './email.schemas.js';

/** @throws AppError for a value of no tag, or a time that ends before it begins */
export function toFilter(query: z.infer<typeof emailPageSchema>): EmailFilter {
  if (query.tag_value !== undefined && query.tag === undefined) {
    throw new AppError({
      code: 'emails.tag_value_without_tag',
      kind: 'invalid',
      field: 'tag_value',
      message: '`tag_value` needs the name of the tag.',
      remedy: 'Give the name as `tag`.',
    });
  }
  return {
    status: query.status,
    connectionId: query.connection_id,
    recipient: query.recipient,
    subject: query.subject,
    tag: query.tag,
    tagValue: query.tag_value,
    sesMessageId: query.ses_message_id,
    ...timeRange(query),
  };
}
