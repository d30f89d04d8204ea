import { z } from 'zod';
import { granularities, groupings, metricNames } from '#libs/metrics';

/** The same in all queries of metrics. */
export const momentSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'must be an ISO 8601 date or date and time, such as 2026-08-05 or 2026-08-05T12:00:00Z',
});
export const timeZoneSchema = z.string().min(1).max(64).default('UTC');

export const metricsQuerySchema = z.strictObject({
  /** A date begins at midnight in the time zone. */
  from: momentSchema.optional(),
  /** Not part of the range; by default now. */
  to: momentSchema.optional(),
  granularity: z.enum(granularities).default('day'),
  timezone: timeZoneSchema,
  group_by: z.enum(groupings).optional(),
  connection_id: z.uuid('must be the id of a connection').optional(),
  domain: z.string().min(1).max(253).toLowerCase().optional(),
  /** The name of a tag: then only mail with it. */
  tag: z.string().min(1).max(256).optional(),
  tag_value: z.string().min(1).max(256).optional(),
});

const counts = {
  ...Object.fromEntries(metricNames.map((name) => [name, z.int()])),
  bounced: z.int(),
} as Record<(typeof metricNames)[number] | 'bounced', z.ZodInt>;
const latency = z.object({ average_ms: z.int(), p50_ms: z.int(), p95_ms: z.int() }).nullable();
const rate = z.number().nullable();

const totalsSchema = z
  .object({
    ...counts,
    latency,
    delivery_rate: rate,
    bounce_rate: rate,
    complaint_rate: rate,
    open_rate: rate,
    click_rate: rate,
  })
  .meta({ id: 'MetricsTotals' });
const bucketSchema = z.object({ at: z.string(), ...counts, latency }).meta({ id: 'MetricsBucket' });
const group = z.object({ group: z.string().nullable(), totals: totalsSchema, data: z.array(bucketSchema) });

export const metricsSchema = z
  .object({
    object: z.literal('metrics'),
    from: z.string(),
    to: z.string(),
    granularity: z.enum(granularities),
    timezone: z.string(),
    group_by: z.enum(groupings).nullable(),
    totals: totalsSchema,
    data: z.array(bucketSchema),
    /** Whether there are more groups than are listed: the busiest are. */
    has_more: z.boolean(),
    /** `group`: a connection's id, a domain, a value of the tag; null: the others together. */
    groups: z.array(group).nullable(),
  })
  .meta({ id: 'Metrics' });
