import { z } from 'zod';
import { pageSchema } from '../http/page.js';
import { momentSchema } from '../metrics/metrics.schemas.js';

const item = {
  id: z.uuid(),
  created_at: z.string(),
  endpoint: z.string(),
  method: z.string(),
  response_status: z.int(),
  user_agent: z.string().nullable(),
  api_key_id: z.uuid().nullable(),
};
export const logListSchema = z
  .object({
    object: z.literal('list'),
    has_more: z.boolean(),
    data: z.array(z.object(item)),
    search: z
      .object({ looked_until: z.string().nullable(), continues_after: z.uuid().nullable() })
      .optional()
      .describe(
        'Of a search. One answer looks at 20 000 requests at most: when it stopped there, `looked_until` says how far it came, and `after` (or `before`) with `continues_after` goes on.',
      ),
  })
  .meta({ id: 'LogList' });
export const logSchema = z
  .object({
    object: z.literal('log'),
    ...item,
    /** Redacted: no keys, no secrets, contents of mail and long texts by their length. */
    request_body: z.unknown(),
    response_body: z.unknown(),
  })
  .meta({ id: 'Log' });

export const logPageSchema = pageSchema.extend({
  method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']).optional(),
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, 'must be a status such as 422, or a class such as 4xx')
    .optional()
    .describe('A status such as 422, or a class such as 4xx.'),
  endpoint: z.string().trim().min(1).max(320).optional().describe('A part of the path.'),
  api_key_id: z.uuid('must be the id of an API key').optional(),
  since: momentSchema.optional().describe('Answered then or later. A date begins at midnight UTC.'),
  until: momentSchema.optional().describe('Answered before. A date begins at midnight UTC.'),
});
