import { z } from 'zod';
import { pageSchema } from '../http/page.js';

const time = z.string();
const deadLetters = { failed: z.int(), uncertain: z.int(), expired: z.int() };

export const queueQuerySchema = pageSchema.extend({
  /** Each lane is counted: a page of them is half of an ordinary one. */
  limit: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(50, 'must be at most 50')
    .default(20),
  waiting: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: only connections for which something waits.'),
});

const laneSchema = z
  .object({
    id: z.uuid().describe('The connection’s.'),
    name: z.string(),
    region: z.string(),
    status: z.string(),
    recipients_per_second: z.number().nullable(),
    quota_24_hours: z
      .object({ limit: z.number(), used: z.number(), free: z.number(), checked_at: time.nullable() })
      .nullable(),
    backlog: z.object({
      queued: z.int().describe('Due now.'),
      recipients: z.int(),
      scheduled: z.int().describe('Due later: scheduled, or tried and waiting for the next attempt.'),
      sending: z.int(),
      retrying: z.int(),
      next_scheduled_at: time.nullable(),
      oldest_at: time.nullable().describe('When the oldest email that is due was accepted.'),
      is_more: z.boolean().describe('More waits than was counted: times are the earliest possible.'),
    }),
    backlog_ends_at: time.nullable(),
    quota_ends_at: time.nullable(),
    blocked_until: time.nullable(),
    blocked_reason: z.string().nullable(),
    brake: z.object({
      factor: z.number().describe('Share of the full rate after throttles of Amazon SES; 1: none.'),
      throttled_at: time.nullable(),
    }),
    dead_letters: z.object(deadLetters),
  })
  .meta({ id: 'Lane' });

export const queueSchema = z
  .object({
    object: z.literal('queue'),
    has_more: z.boolean(),
    data: z.array(laneSchema),
    dead_letters: z
      .object({ ...deadLetters, is_more: z.boolean() })
      .describe('Of the whole project; the newest 10 000 are counted.'),
  })
  .meta({ id: 'Queue' });
