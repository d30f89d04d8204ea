import { z } from 'zod';

/** How one kind of job is queued and retried. Every option is required: nothing is left to a default. */
export interface JobDefinition<Schema extends z.ZodType> {
  queue: QueueName;
  /** Ids only: never bodies, addresses or credentials. */
  schema: Schema;
  /** At most one job of this id waits and one is active; an add while it is active runs once more afterwards. */
  deduplicationId: (data: z.infer<Schema>) => string;
  attempts: number;
  /** First delay of the exponential backoff. */
  backoffMs: number;
}

export const queueNames = [
  'lanes',
  'sessions',
  'checks',
  'maintenance',
  'webhooks',
  'events',
  'feedback',
] as const;
export type QueueName = (typeof queueNames)[number];

function job<Schema extends z.ZodType>(definition: JobDefinition<Schema>): JobDefinition<Schema> {
  return definition;
}

export const purposes = ['send', 'events', 'analytics', 'configure'] as const;

/** Every job there is. A job is a wake-up: what is to be done stands in PostgreSQL, and a ticker repeats lost ones. */
export const jobs = {
  'lane.drain': job({
    queue: 'lanes',
    schema: z.strictObject({ connectionId: z.uuid() }),
    deduplicationId: ({ connectionId }) => connectionId,
    attempts: 1,
    backoffMs: 0,
  }),
  'session.refresh': job({
    queue: 'sessions',
    schema: z.strictObject({ connectionId: z.uuid(), purpose: z.enum(purposes) }),
    deduplicationId: ({ connectionId, purpose }) => `${connectionId}-${purpose}`,
    attempts: 1,
    backoffMs: 0,
  }),
  'connection.check': job({
    queue: 'checks',
    schema: z.strictObject({ connectionId: z.uuid() }),
    deduplicationId: ({ connectionId }) => connectionId,
    attempts: 1,
    backoffMs: 0,
  }),
  'webhook.deliver': job({
    queue: 'webhooks',
    schema: z.strictObject({ webhookId: z.uuid() }),
    deduplicationId: ({ webhookId }) => webhookId,
    attempts: 1,
    backoffMs: 0,
  }),
  'events.fold': job({
    queue: 'events',
    schema: z.strictObject({ connectionId: z.uuid() }),
    deduplicationId: ({ connectionId }) => connectionId,
    attempts: 1,
    backoffMs: 0,
  }),
  'feedback.follow': job({
    queue: 'checks',
    schema: z.strictObject({ connectionId: z.uuid() }),
    deduplicationId: ({ connectionId }) => connectionId,
    attempts: 1,
    backoffMs: 0,
  }),
  'feedback.pull': job({
    queue: 'feedback',
    schema: z.strictObject({ connectionId: z.uuid() }),
    deduplicationId: ({ connectionId }) => connectionId,
    attempts: 1,
    backoffMs: 0,
  }),
  'domain.follow': job({
    queue: 'checks',
    schema: z.strictObject({ domainId: z.uuid() }),
    deduplicationId: ({ domainId }) => domainId,
    attempts: 1,
    backoffMs: 0,
  }),
  'suppressions.sync': job({
    queue: 'checks',
    schema: z.strictObject({ connectionId: z.uuid() }),
    deduplicationId: ({ connectionId }) => connectionId,
    attempts: 1,
    backoffMs: 0,
  }),
  'metrics.compact': job({
    queue: 'maintenance',
    schema: z.strictObject({}),
    deduplicationId: () => 'metrics',
    attempts: 1,
    backoffMs: 0,
  }),
  'maintenance.run': job({
    queue: 'maintenance',
    schema: z.strictObject({}),
    deduplicationId: () => 'maintenance',
    attempts: 3,
    backoffMs: 5_000,
  }),
} as const;

export type JobName = keyof typeof jobs;
export type JobData<Name extends JobName> = z.infer<(typeof jobs)[Name]['schema']>;
