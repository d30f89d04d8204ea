import type { Tracking } from '../feedback-source.js';

/** What SES publishes. Opens and clicks only on demand: for them SES changes the mail. */
export function eventTypes({ opens, clicks }: Tracking) {
  return [
    'SEND',
    'REJECT',
    'BOUNCE',
    'COMPLAINT',
    'DELIVERY',
    'RENDERING_FAILURE',
    'DELIVERY_DELAY',
    ...(opens ? (['OPEN'] as const) : []),
    ...(clicks ? (['CLICK'] as const) : []),
  ] as const;
}
