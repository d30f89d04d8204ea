import { z } from 'zod';

const item = {
  id: z.uuid(),
  created_at: z.string(),
  endpoint: z.string(),
  method: z.string(),
  response_status: z.int(),
  user_agent: z.string().nullable(),
};
export const logListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(item)) })
  .meta({ id: 'LogList' });
export const logSchema = z
  .object({
    object: z.literal('log'),
    ...item,
    /** Redacted: no keys, no secrets, no contents of attachments, long texts by their length. */
    request_body: z.unknown(),
    response_body: z.unknown(),
  })
  .meta({ id: 'Log' });
