import { z } from 'zod';
import { momentSchema, timeZoneSchema } from './metrics.schemas.js';

/** Resend's names of metrics. */
export const emailMetrics = [
  'received',
  'delivered',
  'complained',
  'suppressed',
  'bounced',
  'bounced_transient',
  'bounced_permanent',
  'bounced_undetermined',
  'opened',
  'clicked',
  'unsubscribed',
  'delivery_delayed',
  'failed',
  'sent',
  'unique_opened',
  'unique_clicked',
  'delivery_rate',
  'open_rate',
  'click_rate',
  'bounce_rate',
  'complaint_rate',
  'unsubscribe_rate',
] as const;
export type EmailMetric = (typeof emailMetrics)[number];

export const emailGranularities = ['hourly', 'daily', 'weekly', 'monthly'] as const;
const dimensions = ['period', 'domain'] as const;

/** `a,b` */
const list = <Item extends z.ZodType<unknown, string>>(item: Item, max: number) =>
  z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .pipe(z.array(item).max(max, `must be at most ${max}`));

const notCounted = z.never('is not supported: metrics are counted by period and domain').optional();

export const emailMetricsQuerySchema = z.object({
  start_date: momentSchema.optional(),
  end_date: momentSchema.optional(),
  timezone: timeZoneSchema,
  granularity: z.enum(emailGranularities).default('daily'),
  metrics: list(z.enum(emailMetrics), emailMetrics.length).optional(),
  dimensions: list(
    z.enum(dimensions, 'must be period or domain: metrics are not counted by email or broadcast'),
    2,
  ).optional(),
  domain_id: list(z.uuid('must be ids of domains'), 100).optional(),
  email_id: notCounted,
  broadcast_id: notCounted,
});
export type EmailMetricsQuery = z.infer<typeof emailMetricsQuerySchema>;

const figures = z.partialRecord(z.enum(emailMetrics), z.number());

export const emailMetricsSchema = z
  .object({
    object: z.literal('metrics'),
    start_date: z.string(),
    end_date: z.string(),
    metrics: z.array(z.enum(emailMetrics)),
    dimensions: z.array(z.enum(dimensions)),
    granularity: z.enum(emailGranularities),
    totals: figures,
    data: z
      .array(
        z.object({
          period: z.string().optional(),
          domain_id: z.string().optional(),
          domain_name: z.string().optional(),
          ...Object.fromEntries(emailMetrics.map((name) => [name, z.number().optional()])),
        }),
      )
      .optional(),
  })
  .meta({ id: 'EmailMetrics' });
