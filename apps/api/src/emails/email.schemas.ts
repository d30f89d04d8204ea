import { z } from 'zod';
import { pageSchema } from '../http/page.js';
import { momentSchema } from '../metrics/metrics.schemas.js';

const id = z.uuid();
const time = z.string();

export const sentSchema = z.object({ id }).meta({ id: 'SendEmailResponse' });
export const batchAnswerSchema = z
  .object({
    data: z.array(z.object({ id })),
    errors: z.array(z.object({ index: z.int(), message: z.string() })).optional(),
  })
  .meta({ id: 'SendBatchResponse' });
export const changedSchema = z.object({ object: z.literal('email'), id }).meta({ id: 'EmailChanged' });

const listItem = {
  id,
  message_id: z.string().nullable(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()).nullable(),
  bcc: z.array(z.string()).nullable(),
  reply_to: z.array(z.string()).nullable(),
  created_at: time,
  subject: z.string(),
  last_event: z.string(),
  scheduled_at: time.nullable(),
  status: z.string(),
};

export const emailListSchema = z
  .object({
    object: z.literal('list'),
    has_more: z.boolean(),
    data: z.array(z.object(listItem)),
    search: z
      .object({ looked_until: time.nullable(), continues_after: id.nullable() })
      .optional()
      .describe(
        'Of a search. One answer looks at 50 000 emails at most: when it stopped there, `looked_until` says how far it came, and `after` (or `before`) with `continues_after` goes on.',
      ),
  })
  .meta({ id: 'EmailList' });

export const emailSchema = z
  .object({
    object: z.literal('email'),
    ...listItem,
    html: z.string().nullable(),
    text: z.string().nullable(),
    tags: z.array(z.object({ name: z.string(), value: z.string() })),
    expires_at: time.nullable(),
    connection_id: id,
    ses_message_id: z.string().nullable(),
    sent_at: time.nullable(),
    attempts: z.int(),
    next_attempt_at: time.nullable(),
    deferred_reason: z.string().nullable(),
    error: z.object({ name: z.string(), message: z.string(), remedy: z.string().nullable() }).nullable(),
    recipients: z.array(z.object({ email: z.string(), status: z.string(), at: time })),
    events: z.array(
      z.object({ type: z.string(), at: time, recipient: z.string().nullable(), data: z.unknown() }),
    ),
  })
  .meta({ id: 'Email' });

export const rescheduleSchema = z.object({ scheduled_at: z.string() }).meta({ id: 'UpdateEmailRequest' });

const statuses = [
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'delivery_delayed',
  'bounced',
  'complained',
  'suppressed',
  'failed',
  'canceled',
  'expired',
  'uncertain',
] as const;

const text = (what: string) => z.string().trim().min(1).max(320).optional().describe(what);

/** `?status=failed` lists the dead letters. */
export const emailPageSchema = pageSchema.extend({
  status: z.enum(statuses).optional(),
  connection_id: z.uuid('must be the id of a connection').optional(),
  recipient: text('A part of an address or name in To, Cc or Bcc, in any case.'),
  subject: text('A part of the subject, in any case.'),
  tag: text('The name of a tag.'),
  tag_value: text('The value of the tag that `tag` names.'),
  ses_message_id: text('The MessageId that Amazon SES gave to it.'),
  since: momentSchema.optional().describe('Accepted then or later. A date begins at midnight UTC.'),
  until: momentSchema.optional().describe('Accepted before. A date begins at midnight UTC.'),
});

export const emailSourceSchema = z
  .object({
    object: z.literal('email_source'),
    id,
    content: z.enum(['simple', 'raw']).nullable().describe('Null: the content is not kept any more.'),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    request: z.string().nullable().describe('The body of SES SendEmail as JSON; files by their size.'),
    mime: z.string().nullable().describe('The message of Raw content; files by their size.'),
    attachments: z.array(
      z.object({
        filename: z.string(),
        content_type: z.string(),
        content_disposition: z.enum(['inline', 'attachment']),
        content_id: z.string().nullable(),
        size: z.int(),
      }),
    ),
  })
  .meta({ id: 'EmailSource' });
