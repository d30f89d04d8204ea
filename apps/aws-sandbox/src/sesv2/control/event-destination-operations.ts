import type { EventDestination } from '../../state/ses-region.js';
import type { Topic } from '../../state/topic.js';
import { alreadyExists, badRequest, limitExceeded, notFound } from '../errors.js';
import { EVENT_TYPE_NAMES } from '../events/event-types.js';
import { mayPublish, publishValidation, topicArnOf } from '../events/publish.js';
import { operation, type SesCall } from '../operation.js';
import { anything, flag, list, oneOf, optional, required, structure, text, type Infer } from '../shape.js';
import { requireSet, setResource } from './configuration-set-operations.js';

const PATH = '/v2/email/configuration-sets/{ConfigurationSetName}/event-destinations';
const MAX_DESTINATIONS = 10;

const definition = structure({
  Enabled: optional(flag()),
  MatchingEventTypes: optional(list(oneOf(...EVENT_TYPE_NAMES))),
  SnsDestination: optional(structure({ TopicArn: required(text()) })),
  EventBridgeDestination: optional(structure({ EventBusArn: required(text()) })),
  KinesisFirehoseDestination: optional(
    structure({ IamRoleArn: required(text()), DeliveryStreamArn: required(text()) }),
  ),
  CloudWatchDestination: optional(structure({ DimensionConfigurations: required(anything()) })),
  PinpointDestination: optional(structure({ ApplicationArn: optional(text()) })),
});

const set = { ConfigurationSetName: required(text()) };
const one = {
  ...set,
  EventDestinationName: required(text({ min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ })),
};
const oneWithDefinition = structure({ ...one, EventDestination: required(definition) });

const toDestination = (name: string, input: Infer<typeof definition>): EventDestination => {
  const { Enabled, MatchingEventTypes = [], ...targets } = input;
  const given = Object.entries(targets).filter(([, value]) => value !== undefined);
  if (given.length !== 1)
    throw badRequest('Exactly one destination must be specified for an event destination.');
  if (MatchingEventTypes.length === 0) throw badRequest('Must specify at least one event type.');
  // Left out means off: an event destination that silently says nothing.
  return { Name: name, Enabled: Enabled ?? false, MatchingEventTypes, ...Object.fromEntries(given) };
};

/** The topic of an SNS destination, in this region and open to SES; null for destinations of another kind. */
const checkTarget = (
  { world, ses }: SesCall,
  setName: string,
  destination: EventDestination,
): Topic | null => {
  const bus = destination['EventBridgeDestination'] as { readonly EventBusArn: string } | undefined;
  if (
    bus !== undefined &&
    bus.EventBusArn !== `arn:aws:events:${ses.region}:${ses.accountId}:event-bus/default`
  )
    throw badRequest('The EventBridge destination must be the default event bus of this account and region.');
  const topicArn = topicArnOf(destination);
  if (topicArn === undefined) return null;
  const topic = world.findTopic(topicArn);
  if (topic === undefined || topic.region !== ses.region)
    throw badRequest(`SNS topic <${topicArn}> not found.`);
  if (!mayPublish(world, ses, setName, topic))
    throw badRequest(`Could not publish message to SNS topic <${topicArn}>.`);
  return topic;
};

/** Stores a destination; a topic gets SES's test message at once. */
const store = (
  call: SesCall,
  setName: string,
  destinations: Map<string, EventDestination>,
  destination: EventDestination,
): void => {
  const topic = checkTarget(call, setName, destination);
  destinations.set(destination.Name, destination);
  if (topic !== null) publishValidation(call.world, topic);
};

const missing = (name: string): Error => notFound(`Event destination <${name}> does not exist.`);

const createEventDestination = operation({
  name: 'CreateConfigurationSetEventDestination',
  routes: [`POST ${PATH}`],
  input: oneWithDefinition,
  resource: setResource,
  run: (call, input) => {
    const { eventDestinations } = requireSet(call.ses, input.ConfigurationSetName);
    if (eventDestinations.has(input.EventDestinationName))
      throw alreadyExists(`Event destination <${input.EventDestinationName}> already exists.`);
    if (eventDestinations.size >= MAX_DESTINATIONS)
      throw limitExceeded('Too many event destinations for this configuration set.');
    const destination = toDestination(input.EventDestinationName, input.EventDestination);
    store(call, input.ConfigurationSetName, eventDestinations, destination);
  },
});

const updateEventDestination = operation({
  name: 'UpdateConfigurationSetEventDestination',
  routes: [`PUT ${PATH}/{EventDestinationName}`],
  input: oneWithDefinition,
  resource: setResource,
  run: (call, input) => {
    const { eventDestinations } = requireSet(call.ses, input.ConfigurationSetName);
    if (!eventDestinations.has(input.EventDestinationName)) throw missing(input.EventDestinationName);
    const destination = toDestination(input.EventDestinationName, input.EventDestination);
    store(call, input.ConfigurationSetName, eventDestinations, destination);
  },
});

const deleteEventDestination = operation({
  name: 'DeleteConfigurationSetEventDestination',
  routes: [`DELETE ${PATH}/{EventDestinationName}`],
  input: structure(one),
  resource: setResource,
  run: ({ ses }, input) => {
    if (!requireSet(ses, input.ConfigurationSetName).eventDestinations.delete(input.EventDestinationName))
      throw missing(input.EventDestinationName);
  },
});

const getEventDestinations = operation({
  name: 'GetConfigurationSetEventDestinations',
  routes: [`GET ${PATH}`],
  input: structure(set),
  resource: setResource,
  run: ({ ses }, input) => ({
    EventDestinations: [...requireSet(ses, input.ConfigurationSetName).eventDestinations.values()],
  }),
});

export const EVENT_DESTINATION_OPERATIONS = [
  createEventDestination,
  updateEventDestination,
  deleteEventDestination,
  getEventDestinations,
];
