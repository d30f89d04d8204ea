import type { Schemas } from '../../api/client';

/** What Sesame tells; the API takes more of Resend's names, of things that Sesame does not have. */
export const eventNames = [
  'email.scheduled',
  'email.sent',
  'email.delivered',
  'email.delivery_delayed',
  'email.bounced',
  'email.complained',
  'email.opened',
  'email.clicked',
  'email.failed',
  'email.suppressed',
  'email.uncertain',
  'connection.active',
  'connection.degraded',
  'connection.broken',
  'connection.rejected',
  'domain.created',
  'domain.updated',
  'domain.deleted',
  'suppression.added',
  'suppression.removed',
] as const satisfies readonly Schemas['CreateWebhookRequest']['events'][number][];
export type EventName = (typeof eventNames)[number];
