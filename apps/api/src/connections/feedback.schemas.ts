import { z } from 'zod';

const time = z.string();
const problem = z
  .object({ code: z.string(), detail: z.string(), remedy: z.string().nullable() })
  .nullable()
  .meta({ id: 'FeedbackProblem' });

export const feedbackSchema = z
  .object({
    object: z.literal('feedback'),
    connection_id: z.uuid(),
    mode: z.enum(['pull', 'sns', 'eventbridge']),
    managed: z.boolean(),
    status: z.enum(['setting_up', 'proving', 'active', 'failed', 'broken', 'removing']),
    status_reason: z.string().nullable(),
    region: z.string(),
    configuration_set: z.string(),
    topic_arn: z.string().nullable(),
    queue_url: z.string().nullable(),
    endpoint_url: z.string().nullable(),
    dead_letter: z.object({ queue_url: z.string(), messages: z.int().nullable() }).nullable(),
    tracking: z.object({ opens: z.boolean(), clicks: z.boolean(), redirect_domain: z.string().nullable() }),
    steps: z.array(
      z
        .object({
          name: z.enum([
            'configuration_set',
            'topic',
            'queue',
            'rule',
            'subscription',
            'event_destination',
            'path_proven',
          ]),
          outcome: z.enum(['pending', 'passed', 'failed', 'skipped']),
          side: z.enum(['platform', 'customer', 'aws']).nullable(),
          detail: z.string(),
          remedy: z.string().nullable(),
          paste: z.looseObject({}).nullable(),
          checked_at: time.nullable(),
        })
        .meta({ id: 'FeedbackStep' }),
    ),
    rejected_events: z.int(),
    foreign_events: z.int(),
    problem,
    last_event_at: time.nullable(),
    proven_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'Feedback' });

export const setUpFeedbackSchema = z
  .strictObject({
    mode: z.enum(['pull', 'sns', 'eventbridge'], 'must be pull, sns or eventbridge'),
    /** For those who made topic or queue with the kit: Sesame then makes nothing. Names default to the kit's. */
    manual: z
      .strictObject({
        topic_arn: z.string().max(2048).nullish(),
        queue_url: z.string().max(2048).nullish(),
        configuration_set: z.string().max(64).nullish(),
      })
      .nullish(),
  })
  .meta({ id: 'SetUpFeedbackRequest' });

export const changeFeedbackSchema = z
  .strictObject({
    opens: z.boolean('must be true or false').optional(),
    clicks: z.boolean('must be true or false').optional(),
    /** Null: links show SES's own host again. */
    redirect_domain: z
      .string()
      .regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i, 'must be a domain name')
      .nullish(),
  })
  .meta({ id: 'ChangeFeedbackRequest' });
