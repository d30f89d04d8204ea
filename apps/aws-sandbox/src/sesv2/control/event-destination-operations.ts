import type { EventDestination } from '../../state/ses-region.js';
import { alreadyExists, badRequest, limitExceeded, notFound } from '../errors.js';
import { operation } from '../operation.js';
import { anything, flag, list, oneOf, optional, required, structure, text, type Infer } from '../shape.js';
import { requireSet, setResource } from './configuration-set-operations.js';

const PATH = '/v2/email/configuration-sets/{ConfigurationSetName}/event-destinations';
const MAX_DESTINATIONS = 10;

const definition = structure({
  Enabled: optional(flag()),
  MatchingEventTypes: optional(
    list(
      oneOf(
        'SEND',
        'REJECT',
        'BOUNCE',
        'COMPLAINT',
        'DELIVERY',
        'OPEN',
        'CLICK',
        'RENDERING_FAILURE',
        'DELIVERY_DELAY',
        'SUBSCRIPTION',
      ),
    ),
  ),
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

const missing = (name: string): Error => notFound(`Event destination <${name}> does not exist.`);

const createEventDestination = operation({
  name: 'CreateConfigurationSetEventDestination',
  routes: [`POST ${PATH}`],
  input: oneWithDefinition,
  resource: setResource,
  run: ({ ses }, input) => {
    const { eventDestinations } = requireSet(ses, input.ConfigurationSetName);
    if (eventDestinations.has(input.EventDestinationName))
      throw alreadyExists(`Event destination <${input.EventDestinationName}> already exists.`);
    if (eventDestinations.size >= MAX_DESTINATIONS)
      throw limitExceeded('Too many event destinations for this configuration set.');
    eventDestinations.set(
      input.EventDestinationName,
      toDestination(input.EventDestinationName, input.EventDestination),
    );
  },
});

const updateEventDestination = operation({
  name: 'UpdateConfigurationSetEventDestination',
  routes: [`PUT ${PATH}/{EventDestinationName}`],
  input: oneWithDefinition,
  resource: setResource,
  run: ({ ses }, input) => {
    const { eventDestinations } = requireSet(ses, input.ConfigurationSetName);
    if (!eventDestinations.has(input.EventDestinationName)) throw missing(input.EventDestinationName);
    eventDestinations.set(
      input.EventDestinationName,
      toDestination(input.EventDestinationName, input.EventDestination),
    );
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
