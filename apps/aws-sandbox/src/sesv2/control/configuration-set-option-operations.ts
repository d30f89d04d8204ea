import { operation, type SesOperation } from '../operation.js';
import { flag, optional, required, structure, text, type Shape } from '../shape.js';
import { optionShapes, reasonList, requireSet, setResource } from './configuration-set-operations.js';

const name = { ConfigurationSetName: required(text()) };
const path = (group: string): string => `PUT /v2/email/configuration-sets/{ConfigurationSetName}/${group}`;

const putSendingOptions = operation({
  name: 'PutConfigurationSetSendingOptions',
  routes: [path('sending')],
  input: structure({ ...name, SendingEnabled: optional(flag()) }),
  resource: setResource,
  run: ({ ses }, input) => {
    requireSet(ses, input.ConfigurationSetName).sendingEnabled = input.SendingEnabled ?? false;
  },
});

const putSuppressionOptions = operation({
  name: 'PutConfigurationSetSuppressionOptions',
  routes: [path('suppression-options')],
  input: structure({ ...name, SuppressedReasons: optional(reasonList) }),
  resource: setResource,
  // A missing list is an empty one, and that switches suppression off for this set.
  run: ({ ses }, input) => {
    requireSet(ses, input.ConfigurationSetName).suppressedReasons = [...(input.SuppressedReasons ?? [])];
  },
});

/** Groups that are only stored and shown: the body is the group itself. */
const putStoredOptions = (
  operationName: string,
  group: string,
  member: keyof typeof optionShapes,
): SesOperation => {
  const options: Shape<unknown> = optionShapes[member];
  const nameShape = structure(name);
  return operation({
    name: operationName,
    routes: [path(group)],
    input: {
      read: (value, at, problems) => ({
        ...nameShape.read(value, at, problems),
        options: options.read(value, at, problems),
      }),
    } satisfies Shape<{ readonly ConfigurationSetName: string; readonly options: unknown }>,
    resource: setResource,
    run: ({ ses }, input) => {
      requireSet(ses, input.ConfigurationSetName).options[member] = input.options;
    },
  });
};

const vdmOptions = operation({
  name: 'PutConfigurationSetVdmOptions',
  routes: [path('vdm-options')],
  input: structure({ ...name, VdmOptions: optional(optionShapes.VdmOptions) }),
  resource: setResource,
  run: ({ ses }, input) => {
    requireSet(ses, input.ConfigurationSetName).options['VdmOptions'] = input.VdmOptions ?? {};
  },
});

export const CONFIGURATION_SET_OPTION_OPERATIONS = [
  putSendingOptions,
  putSuppressionOptions,
  putStoredOptions('PutConfigurationSetTrackingOptions', 'tracking-options', 'TrackingOptions'),
  putStoredOptions('PutConfigurationSetDeliveryOptions', 'delivery-options', 'DeliveryOptions'),
  putStoredOptions('PutConfigurationSetReputationOptions', 'reputation-options', 'ReputationOptions'),
  putStoredOptions('PutConfigurationSetArchivingOptions', 'archiving-options', 'ArchivingOptions'),
  vdmOptions,
];
