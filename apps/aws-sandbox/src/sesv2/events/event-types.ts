/** What SES calls one and the same event in its three places; the payload key is not always the lower-cased type. */
export const EVENT_TYPES = {
  SEND: { eventType: 'Send', payloadKey: 'send', detailType: 'Email Sent' },
  DELIVERY: { eventType: 'Delivery', payloadKey: 'delivery', detailType: 'Email Delivered' },
  BOUNCE: { eventType: 'Bounce', payloadKey: 'bounce', detailType: 'Email Bounced' },
  COMPLAINT: { eventType: 'Complaint', payloadKey: 'complaint', detailType: 'Email Complaint Received' },
  REJECT: { eventType: 'Reject', payloadKey: 'reject', detailType: 'Email Rejected' },
  OPEN: { eventType: 'Open', payloadKey: 'open', detailType: 'Email Opened' },
  CLICK: { eventType: 'Click', payloadKey: 'click', detailType: 'Email Clicked' },
  RENDERING_FAILURE: {
    eventType: 'Rendering Failure',
    payloadKey: 'failure',
    detailType: 'Email Rendering Failed',
  },
  DELIVERY_DELAY: {
    eventType: 'DeliveryDelay',
    payloadKey: 'deliveryDelay',
    detailType: 'Email Delivery Delayed',
  },
  SUBSCRIPTION: { eventType: 'Subscription', payloadKey: 'subscription', detailType: 'Email Subscribed' },
} as const;

/** As in `MatchingEventTypes` of an event destination. */
export type EventTypeName = keyof typeof EVENT_TYPES;

export const EVENT_TYPE_NAMES = Object.keys(EVENT_TYPES) as EventTypeName[];
