import { z } from 'zod';
import { destinationOf } from '../sesv2/events/mail-object.js';
import { bouncePayload, complaintPayload, deliveryPayload, type SesEvent } from '../sesv2/events/payload.js';
import { eventRecord, publishAnything, publishEvent } from '../sesv2/events/publish.js';
import { recordSuppression } from '../sesv2/events/suppress.js';
import type { StoredMessage } from '../state/message.js';
import { AdminError } from './admin-error.js';
import type { AdminCall, AdminRoute } from './admin-router.js';
import { findMessage } from './message-routes.js';
import { parseBody } from './parse-body.js';

const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';

const recipients = z.array(z.string().min(3)).min(1).optional();
/** When it happened; default: now. */
const timestamp = z.iso.datetime().optional();
const ip = z.union([z.ipv4(), z.ipv6()]).default('192.0.2.44');

// An event of SES does not say which recipient opened; `recipient` only makes sure that there is such a one.
const openBody = z.strictObject({
  recipient: z.string().optional(),
  user_agent: z.string().default(USER_AGENT),
  ip_address: ip,
  timestamp,
});
const clickBody = openBody.extend({
  link: z.url().default('https://example.com/'),
  link_tags: z.record(z.string(), z.array(z.string())).nullable().default(null),
});

const rawBody = z.strictObject({
  type: z.literal('RAW'),
  record: z.unknown(),
  detail_type: z.string().default('Email Event'),
});

const eventBody = z.discriminatedUnion('type', [
  rawBody,
  z.strictObject({ type: z.literal('SEND'), timestamp }),
  z.strictObject({ type: z.literal('DELIVERY'), recipients, timestamp }),
  z.strictObject({
    type: z.literal('BOUNCE'),
    bounce_type: z.enum(['Permanent', 'Transient', 'Undetermined']).default('Permanent'),
    bounce_sub_type: z.string().min(1).default('General'),
    recipients,
    timestamp,
  }),
  z.strictObject({
    type: z.literal('COMPLAINT'),
    complaint_sub_type: z.string().nullable().default(null),
    complaint_feedback_type: z
      .enum(['abuse', 'auth-failure', 'fraud', 'not-spam', 'other', 'virus'])
      .default('abuse'),
    recipients,
    timestamp,
  }),
  z.strictObject({ type: z.literal('REJECT'), reason: z.string().default('Bad content'), timestamp }),
  z.strictObject({
    type: z.literal('RENDERING_FAILURE'),
    template_name: z.string().default(''),
    error_message: z.string().default("Attribute 'name' is not present in the rendering data."),
    timestamp,
  }),
  z.strictObject({
    type: z.literal('DELIVERY_DELAY'),
    delay_type: z.string().default('TransientCommunicationFailure'),
    recipients,
    timestamp,
  }),
  z.strictObject({
    type: z.literal('SUBSCRIPTION'),
    contact_list: z.string().default('contacts'),
    unsubscribe_all: z.boolean().default(true),
    timestamp,
  }),
  openBody.extend({ type: z.literal('OPEN') }),
  clickBody.extend({ type: z.literal('CLICK') }),
]);

type EventBody = Exclude<z.output<typeof eventBody>, { type: 'RAW' }>;

const RETRY_HOURS = 14;

const payloadOf = (message: StoredMessage, body: EventBody, at: number): SesEvent['payload'] => {
  const time = new Date(at).toISOString();
  switch (body.type) {
    case 'SEND':
      return {};
    case 'DELIVERY':
      return deliveryPayload(message, at, body.recipients ?? destinationOf(message));
    case 'BOUNCE':
      return bouncePayload(
        message,
        at,
        body.bounce_type,
        body.bounce_sub_type,
        body.recipients ?? destinationOf(message),
      );
    case 'COMPLAINT':
      return complaintPayload(
        message,
        at,
        body.complaint_sub_type,
        body.recipients ?? destinationOf(message),
        body.complaint_feedback_type,
      );
    case 'REJECT':
      return { reason: body.reason };
    case 'RENDERING_FAILURE':
      return { templateName: body.template_name, errorMessage: body.error_message };
    case 'DELIVERY_DELAY':
      return {
        timestamp: time,
        delayType: body.delay_type,
        delayedRecipients: (body.recipients ?? destinationOf(message)).map((emailAddress) => ({
          emailAddress,
          status: '4.4.1',
          diagnosticCode: 'smtp; 421 4.4.1 unable to connect to remote host',
        })),
        expirationTime: new Date(message.at + RETRY_HOURS * 3_600_000).toISOString(),
        reportingMTA: 'e1.smtp-out.amazonses.com',
      };
    case 'SUBSCRIPTION':
      return {
        contactList: body.contact_list,
        timestamp: time,
        source: 'UnsubscribeHeader',
        newTopicPreferences: { unsubscribeAll: body.unsubscribe_all, topicSubscriptionStatus: [] },
        oldTopicPreferences: { unsubscribeAll: !body.unsubscribe_all, topicSubscriptionStatus: [] },
      };
    case 'OPEN':
      return { ipAddress: body.ip_address, timestamp: time, userAgent: body.user_agent };
    case 'CLICK':
      return {
        ipAddress: body.ip_address,
        timestamp: time,
        userAgent: body.user_agent,
        link: body.link,
        linkTags: body.link_tags,
      };
  }
};

const inject = ({ world, params }: AdminCall, body: EventBody): unknown => {
  const message = findMessage(world, params['id'] ?? '');
  const named =
    'recipients' in body ? (body.recipients ?? []) : 'recipient' in body ? [body.recipient ?? ''] : [];
  const everybody = destinationOf(message);
  for (const name of named)
    if (name !== '' && !everybody.includes(name))
      throw new AdminError(`${name} is not a recipient of this message`, 'recipients');
  const at = body.timestamp === undefined ? world.clock.now() : Date.parse(body.timestamp);
  const event: SesEvent = { type: body.type, payload: payloadOf(message, body, at) };
  recordSuppression(world, message, event);
  return { published: publishEvent(world, message, event), event: eventRecord(message, event) };
};

/** Any record at all: of a type to come, of another account, or none. */
const injectRaw = ({ world, params }: AdminCall, body: z.output<typeof rawBody>): unknown => ({
  published: publishAnything(world, findMessage(world, params['id'] ?? ''), body.detail_type, body.record),
  event: body.record,
});

const injectEvent = (call: AdminCall): unknown => {
  const body = parseBody(call.request, eventBody);
  return body.type === 'RAW' ? injectRaw(call, body) : inject(call, body);
};

export const MESSAGE_EVENT_ROUTES: readonly AdminRoute[] = [
  {
    on: 'POST /messages/{id}/open',
    run: (call) => inject(call, { type: 'OPEN', ...parseBody(call.request, openBody) }),
  },
  {
    on: 'POST /messages/{id}/click',
    run: (call) => inject(call, { type: 'CLICK', ...parseBody(call.request, clickBody) }),
  },
  { on: 'POST /messages/{id}/events', run: injectEvent },
];
