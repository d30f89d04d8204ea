import { z } from 'zod';
import { name } from '../projects/project.schemas.js';

const time = z.string();

export const checkSchema = z
  .object({
    name: z.string(),
    outcome: z.enum(['pending', 'passed', 'failed', 'skipped']),
    side: z.enum(['platform', 'customer', 'aws']).nullable(),
    detail: z.string(),
    remedy: z.string().nullable(),
    paste: z.looseObject({}).nullable(),
    checked_at: time.nullable(),
  })
  .meta({ id: 'Check' });

export const connectionSchema = z
  .object({
    object: z.literal('connection'),
    id: z.uuid(),
    project_id: z.uuid(),
    name: z.string(),
    region: z.string(),
    status: z.enum([
      'awaiting_role',
      'verifying',
      'active',
      'rejected',
      'degraded',
      'broken',
      'paused',
      'disconnected',
    ]),
    status_reason: z.string().nullable(),
    role_arn: z.string().nullable(),
    external_id: z.string(),
    pending_external_id: z.string().nullable(),
    aws_account_id: z.string().nullable(),
    session_duration: z.object({
      requested_seconds: z.int(),
      granted_seconds: z.int().nullable(),
      reason: z.string().nullable(),
    }),
    capacity_share: z.number(),
    fallback_connection_id: z.uuid().nullable(),
    paused: z.boolean(),
    ses: z
      .object({
        production_access: z.boolean().nullable(),
        sending_enabled: z.boolean().nullable(),
        enforcement_status: z.string().nullable(),
        max_send_rate: z.number().nullable(),
        max_24_hour_send: z.number().nullable(),
        sent_last_24_hours: z.number().nullable(),
      })
      .nullable(),
    checks: z.array(checkSchema),
    kit_url: z.string(),
    created_at: time,
    verified_at: time.nullable(),
    disconnected_at: time.nullable(),
  })
  .meta({ id: 'Connection' });

export const connectionListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(connectionSchema) })
  .meta({ id: 'ConnectionList' });

export const createConnectionSchema = z
  .strictObject({ name: name.optional(), region: z.string().max(40) })
  .meta({ id: 'CreateConnectionRequest' });

export const updateConnectionSchema = z
  .strictObject({
    name: name.optional(),
    role_arn: z.string().max(2048, 'must be at most 2048 characters').optional(),
    session_duration_seconds: z
      .int('must be a whole number')
      .min(900, 'must be at least 900')
      .max(43_200, 'must be at most 43200')
      .optional(),
    capacity_share: z
      .number('must be a number')
      .gt(0, 'must be more than 0')
      .max(1, 'must be at most 1')
      .optional(),
    paused: z.boolean('must be true or false').optional(),
    /** Consent to send single mails through another connection of the project while this one is broken or SES is away. */
    fallback_connection_id: z.uuid('must be a connection id').nullish(),
  })
  .meta({ id: 'UpdateConnectionRequest' });

export const kitQuerySchema = z.object({
  purpose: z.enum(['send', 'events', 'analytics', 'configure', 'all']).default('send'),
  format: z.enum(['json', 'cli', 'terraform', 'cloudformation']).default('json'),
  from: z.string().max(320).optional(),
  /** With `purpose=events` or `all`: the kit also makes topic, queue or rule (POST /v1/connections/{id}/feedback with `manual` first). */
  feedback: z.enum(['pull', 'sns', 'eventbridge']).optional(),
  /** Addresses or CIDR blocks that Sesame's workers call from, with commas between them: the role then works from nowhere else. */
  source_ip: z.string().max(1024).optional(),
  template_url: z.string().max(1024).optional(),
});

export const kitSchema = z
  .object({
    object: z.literal('kit'),
    purpose: z.string(),
    format: z.string(),
    role_name: z.string(),
    external_id: z.string(),
    trusted_principal: z.string(),
    trust_policy: z.looseObject({}),
    permissions_policy: z.looseObject({}),
    script: z.string().nullable(),
    quick_create_url: z.string().nullable(),
    console_url: z.string(),
  })
  .meta({ id: 'Kit' });

export const sessionListSchema = z.array(
  z
    .object({
      purpose: z.string(),
      generation: z.int(),
      granted_seconds: z.int(),
      refreshed_at: time,
      expires_at: time,
    })
    .meta({ id: 'Session' }),
);

export const capacitySchema = z
  .object({
    object: z.literal('capacity'),
    connection_id: z.uuid(),
    recipients_per_second: z.number().nullable(),
    quota_24_hours: z
      .object({ limit: z.number(), used: z.number(), free: z.number(), checked_at: time.nullable() })
      .nullable(),
    backlog: z.object({ queued: z.int(), recipients: z.int(), scheduled: z.int() }),
    backlog_ends_at: time.nullable(),
    quota_ends_at: time.nullable(),
    blocked_until: time.nullable(),
    blocked_reason: z.string().nullable(),
  })
  .meta({ id: 'Capacity' });
