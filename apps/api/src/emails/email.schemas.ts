import { z } from 'zod';
import { pageSchema } from '../http/page.js';

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
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(listItem)) })
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

/** `?status=failed` lists the dead letters. */
export const emailPageSchema = pageSchema.extend({ status: z.enum(statuses).optional() });
