import { z } from 'zod';
import { webhookEvents } from '#libs/webhooks';
import { pageSchema } from '../http/page.js';

const id = z.uuid();
const time = z.string();

const endpoint = z.string('must be a URL').trim().max(2_048, 'must be at most 2048 characters');

const eventName = z.enum(webhookEvents, { error: ({ input }) => `There is no event ${shown(input)}` });
const events = z.array(eventName, 'must be a list of event names').min(1, 'must name at least one event');

export const createWebhookSchema = z.object({ endpoint, events }).meta({ id: 'CreateWebhookRequest' });
export const updateWebhookSchema = z
  .object({
    endpoint: endpoint.nullish(),
    events: events.nullish(),
    status: z.enum(['enabled', 'disabled'], 'must be `enabled` or `disabled`').nullish(),
  })
  .meta({ id: 'UpdateWebhookRequest' });

export const createdWebhookSchema = z
  .object({ object: z.literal('webhook'), id, signing_secret: z.string() })
  .meta({ id: 'CreatedWebhook' });
export const changedWebhookSchema = z
  .object({ object: z.literal('webhook'), id })
  .meta({ id: 'WebhookChanged' });
export const deletedWebhookSchema = z
  .object({ object: z.literal('webhook'), id, deleted: z.literal(true) })
  .meta({ id: 'WebhookDeleted' });

const webhook = {
  id,
  endpoint: z.string(),
  events: z.array(z.string()),
  status: z.enum(['enabled', 'disabled']),
  created_at: time,
  disabled_reason: z.string().nullable(),
  disabled_at: time.nullable(),
  failing_since: time.nullable(),
};
export const webhookSchema = z
  .object({
    object: z.literal('webhook'),
    ...webhook,
    /** Null for members who may only look. */
    signing_secret: z.string().nullable(),
    previous_secret_valid_until: time.nullable(),
  })
  .meta({ id: 'Webhook' });
export const webhookListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(webhook)) })
  .meta({ id: 'WebhookList' });

const deliveryStatus = z.enum(['success', 'pending', 'failed', 'attempting']);
const event = { id: z.string(), type: z.string(), created_at: time, status: deliveryStatus };
export const webhookEventListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(event)) })
  .meta({ id: 'WebhookEventList' });
export const webhookEventSchema = z
  .object({
    object: z.literal('webhook_event'),
    ...event,
    next_attempt_at: time.nullable(),
    payload: z.unknown(),
  })
  .meta({ id: 'WebhookEvent' });
export const changedEventSchema = z
  .object({ object: z.literal('webhook_event'), id: z.string() })
  .meta({ id: 'WebhookEventChanged' });
export const attemptListSchema = z
  .object({
    object: z.literal('list'),
    has_more: z.boolean(),
    data: z.array(
      z.object({
        id,
        http_status_code: z.int().nullable(),
        response: z.string().nullable(),
        error: z.string().nullable(),
        duration_ms: z.int(),
        sent_at: time,
      }),
    ),
  })
  .meta({ id: 'WebhookAttemptList' });

const { limit } = pageSchema.shape;
export const eventPageSchema = z.object({
  limit,
  after: z.string().max(100).optional(),
  status: deliveryStatus.optional(),
});
export const attemptPageSchema = z.object({ limit, after: z.uuid('must be an id of the list').optional() });

const moment = z.iso.datetime({
  offset: true,
  error: 'must be a time in ISO 8601, for example 2026-11-24T08:00:00Z',
});
export const replaySchema = z
  .strictObject({ since: moment, until: moment.nullish(), status: z.enum(['failed', 'all']).nullish() })
  .meta({ id: 'ReplayWebhookRequest' });
export const replayedSchema = z
  .object({
    object: z.literal('webhook_replay'),
    webhook_id: id,
    count: z.int(),
    has_more: z.boolean(),
    next_since: time.nullable(),
  })
  .meta({ id: 'WebhookReplay' });

/** A name from a request, fit to be shown in an error. */
function shown(input: unknown): string {
  return typeof input === 'string' ? `\`${input.replace(/[^ -~]/g, '?').slice(0, 80)}\`` : 'of this kind';
}
