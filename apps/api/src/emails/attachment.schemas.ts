import { z } from 'zod';
import { pageSchema } from '../http/page.js';

const attachment = {
  id: z.uuid(),
  filename: z.string(),
  size: z.int(),
  content_type: z.string(),
  content_disposition: z.enum(['inline', 'attachment']),
  content_id: z.string().nullable(),
  download_url: z.url(),
  expires_at: z.iso.datetime(),
};

export const attachmentListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(attachment)) })
  .meta({ id: 'AttachmentList' });

export const attachmentAnswerSchema = z
  .object({ object: z.literal('attachment'), ...attachment })
  .meta({ id: 'EmailAttachment' });

/** Without `limit`: all, as far as one page reaches. */
export const attachmentPageSchema = pageSchema.extend({
  limit: pageSchema.shape.limit.default(100),
});
