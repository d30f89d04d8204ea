/** Resend's names, complete: those that Sesame does not produce may be subscribed to all the same. */
const resendEvents = [
  'email.sent',
  'email.scheduled',
  'email.delivered',
  'email.delivery_delayed',
  'email.complained',
  'email.bounced',
  'email.opened',
  'email.clicked',
  'email.received',
  'email.failed',
  'email.suppressed',
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'contact.topics.updated',
  'domain.created',
  'domain.updated',
  'domain.deleted',
  'suppression.added',
  'suppression.removed',
  'topic.created',
  'topic.updated',
  'topic.deleted',
  'inbox.created',
  'inbox.updated',
  'inbox.deleted',
  'inbox.thread.created',
  'inbox.thread.folder.updated',
  'inbox.thread.assigned',
  'inbox.thread.unassigned',
  'inbox.thread.labels.updated',
  'inbox.email.received',
  'inbox.email.sent',
  'inbox.draft.created',
  'inbox.draft.updated',
  'inbox.draft.sent',
  'inbox.draft.deleted',
] as const;

/** Ours: what Resend has no word for. */
const ownEvents = [
  'email.uncertain',
  'connection.active',
  'connection.degraded',
  'connection.broken',
  'connection.rejected',
  'connection.paused',
  'connection.reputation_warning',
  'webhook.disabled',
  'webhook.test',
] as const;

/** Every name that an endpoint may subscribe to. */
export const webhookEvents = [...resendEvents, ...ownEvents] as const;
export type WebhookEventName = (typeof webhookEvents)[number];
