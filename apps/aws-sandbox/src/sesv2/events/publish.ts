import { newBusEvent, routeEvent } from '../../eventbridge/deliver.js';
import { authorizeService } from '../../iam/evaluate.js';
import { RequestContext } from '../../iam/request-context.js';
import { fanOut } from '../../sns/deliver.js';
import { newNotification } from '../../sns/envelope.js';
import type { StoredMessage } from '../../state/message.js';
import type { Outcome } from '../../state/outcome.js';
import type { ConfigurationSet, EventDestination, SesRegion } from '../../state/ses-region.js';
import type { Topic } from '../../state/topic.js';
import type { World } from '../../state/world.js';
import { sesArn } from '../arn.js';
import { EVENT_TYPES } from './event-types.js';
import { mailObject } from './mail-object.js';
import { eventOf, type SesEvent } from './payload.js';

const SUBJECT = 'Amazon SES Email Event Notification';
export const VALIDATION_TEXT = 'Successfully validated SNS topic for Amazon SES event publishing.';

const member = (destination: EventDestination, name: string, field: string): string | undefined => {
  const target = destination[name] as Record<string, string> | undefined;
  return target?.[field];
};

export const topicArnOf = (destination: EventDestination): string | undefined =>
  member(destination, 'SnsDestination', 'TopicArn');

/** Whether the topic's policy lets SES publish for this configuration set. The default policy does not. */
export const mayPublish = (world: World, ses: SesRegion, setName: string, topic: Topic): boolean =>
  authorizeService(topic.policy, 'ses.amazonaws.com', {
    action: 'sns:Publish',
    resource: topic.arn,
    context: RequestContext.of({
      'aws:SourceAccount': ses.accountId,
      'aws:SourceArn': sesArn(ses, 'configuration-set', setName),
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'ses.amazonaws.com',
      'aws:SecureTransport': 'true',
      'aws:CurrentTime': new Date(world.clock.now()).toISOString(),
    }),
  });

/** The plain text that a new SNS destination gets first: a consumer that only knows JSON falls over it. */
export const publishValidation = (world: World, topic: Topic): void => {
  const message = newNotification(topic, world.clock.now(), VALIDATION_TEXT);
  world.courier.later(0, () => fanOut(world, topic.arn, message));
};

const toTopic = (world: World, ses: SesRegion, set: ConfigurationSet, arn: string, record: string): void =>
  world.courier.publish(() => {
    const topic = world.findTopic(arn);
    // SES drops events silently when the topic has gone or does not let it in any more.
    if (topic === undefined || !mayPublish(world, ses, set.name, topic)) return () => undefined;
    const message = newNotification(topic, world.clock.now(), record, SUBJECT);
    return () => fanOut(world, arn, message);
  });

const toBus = (
  world: World,
  ses: SesRegion,
  set: ConfigurationSet,
  detailType: string,
  detail: unknown,
): void =>
  world.courier.publish(() => {
    const busEvent = newBusEvent(
      {
        'detail-type': detailType,
        source: 'aws.ses',
        account: ses.accountId,
        region: ses.region,
        resources: [sesArn(ses, 'configuration-set', set.name)],
        detail,
      },
      world.clock.now(),
    );
    return () => routeEvent(world, busEvent);
  });

const destinationsFor = (
  ses: SesRegion,
  message: StoredMessage,
  wants: (destination: EventDestination) => boolean,
): { set: ConfigurationSet; destinations: EventDestination[] } | null => {
  const set = ses.configurationSets.get(message.configurationSet ?? '');
  if (set === undefined) return null;
  const destinations = [...set.eventDestinations.values()].filter(
    (destination) => destination.Enabled && wants(destination),
  );
  return destinations.length === 0 ? null : { set, destinations };
};

/** To topics and the event bus; destinations of other kinds are stored and say nothing. */
const publishRecord = (
  world: World,
  ses: SesRegion,
  { set, destinations }: { set: ConfigurationSet; destinations: EventDestination[] },
  detailType: string,
  record: unknown,
): number => {
  let published = 0;
  for (const destination of destinations) {
    const topicArn = topicArnOf(destination);
    if (topicArn !== undefined) toTopic(world, ses, set, topicArn, JSON.stringify(record));
    else if (destination['EventBridgeDestination'] !== undefined) toBus(world, ses, set, detailType, record);
    else continue;
    published++;
  }
  return published;
};

/** The record of an event: the same in SNS, EventBridge and everywhere else. */
export const eventRecord = (message: StoredMessage, event: SesEvent): Record<string, unknown> => {
  const { eventType, payloadKey } = EVENT_TYPES[event.type];
  return { eventType, mail: mailObject(message, event.type), [payloadKey]: event.payload };
};

/**
 * Publishes an event to every enabled destination of the message's configuration set that wants its type.
 * @returns to how many
 */
export const publishEvent = (world: World, message: StoredMessage, event: SesEvent): number => {
  const ses = world.ses(message.accountId, message.region);
  const found = destinationsFor(ses, message, ({ MatchingEventTypes }) =>
    MatchingEventTypes.includes(event.type),
  );
  if (found === null) return 0;
  const record = eventRecord(message, event);
  return publishRecord(world, ses, found, EVENT_TYPES[event.type].detailType, record);
};

/**
 * Publishes whatever record there is, to every enabled destination: for what SES does not send today, and for what
 * nobody should believe.
 * @returns to how many
 */
export const publishAnything = (
  world: World,
  message: StoredMessage,
  detailType: string,
  record: unknown,
): number => {
  const ses = world.ses(message.accountId, message.region);
  const found = destinationsFor(ses, message, () => true);
  return found === null ? 0 : publishRecord(world, ses, found, detailType, record);
};

/** All that became of an accepted message. */
export const publishOutcomes = (world: World, message: StoredMessage, outcomes: readonly Outcome[]): void => {
  if (message.configurationSet === null) return;
  const now = world.clock.now();
  for (const outcome of outcomes) publishEvent(world, message, eventOf(message, outcome, now));
};
