import type { ConfigurationSet, SesRegion } from '../../state/ses-region.js';
import { sesArn } from '../arn.js';
import { alreadyExists, badRequest, limitExceeded, notFound } from '../errors.js';
import { operation, PAGING_QUERY, type SesCall } from '../operation.js';
import {
  anything,
  flag,
  integer,
  list,
  oneOf,
  optional,
  required,
  structure,
  text,
  timestamp,
} from '../shape.js';
import { pagingMembers, tagList } from './common.js';
import { paginate } from './paginate.js';

const MAX_SETS = 10_000;

export const requireSet = (ses: SesRegion, name: string): ConfigurationSet => {
  const set = ses.configurationSets.get(name);
  if (set === undefined) throw notFound(`Configuration set <${name}> does not exist.`);
  return set;
};

export const setResource = ({ ses }: SesCall, input: { readonly ConfigurationSetName: string }): string =>
  sesArn(ses, 'configuration-set', input.ConfigurationSetName);

/** Option members shared by CreateConfigurationSet and the PUT of each group. */
export const optionShapes = {
  TrackingOptions: structure({
    CustomRedirectDomain: optional(text()),
    HttpsPolicy: optional(oneOf('REQUIRE', 'REQUIRE_OPEN_ONLY', 'OPTIONAL')),
  }),
  DeliveryOptions: structure({
    TlsPolicy: optional(oneOf('REQUIRE', 'OPTIONAL')),
    SendingPoolName: optional(text()),
    MaxDeliverySeconds: optional(integer()),
  }),
  ReputationOptions: structure({
    ReputationMetricsEnabled: optional(flag()),
    LastFreshStart: optional(timestamp()),
  }),
  VdmOptions: structure({ DashboardOptions: optional(anything()), GuardianOptions: optional(anything()) }),
  ArchivingOptions: structure({ ArchiveArn: optional(text()) }),
} as const;

export const reasonList = list(oneOf('BOUNCE', 'COMPLAINT'));

const createConfigurationSet = operation({
  name: 'CreateConfigurationSet',
  routes: ['POST /v2/email/configuration-sets'],
  input: structure({
    ConfigurationSetName: required(text()),
    TrackingOptions: optional(optionShapes.TrackingOptions),
    DeliveryOptions: optional(optionShapes.DeliveryOptions),
    ReputationOptions: optional(optionShapes.ReputationOptions),
    VdmOptions: optional(optionShapes.VdmOptions),
    ArchivingOptions: optional(optionShapes.ArchivingOptions),
    SendingOptions: optional(structure({ SendingEnabled: optional(flag()) })),
    SuppressionOptions: optional(structure({ SuppressedReasons: optional(reasonList) })),
    Tags: optional(tagList),
  }),
  resource: setResource,
  run: ({ ses, now }, input) => {
    const name = input.ConfigurationSetName;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw badRequest(
        `Invalid configuration set name <${name}>: only alphanumeric ASCII characters, '_', and '-' are allowed, 64 at most.`,
      );
    }
    if (ses.configurationSets.has(name)) throw alreadyExists(`Configuration set <${name}> already exists.`);
    if (ses.configurationSets.size >= MAX_SETS) throw limitExceeded('Too many configuration sets.');
    const { TrackingOptions, DeliveryOptions, ReputationOptions, VdmOptions, ArchivingOptions } = input;
    ses.configurationSets.set(name, {
      name,
      createdAt: now,
      sendingEnabled: input.SendingOptions?.SendingEnabled ?? input.SendingOptions === undefined,
      suppressedReasons:
        input.SuppressionOptions === undefined
          ? null
          : [...(input.SuppressionOptions.SuppressedReasons ?? [])],
      options: { TrackingOptions, DeliveryOptions, ReputationOptions, VdmOptions, ArchivingOptions },
      eventDestinations: new Map(),
    });
    if (input.Tags !== undefined) ses.tags.set(sesArn(ses, 'configuration-set', name), input.Tags);
  },
});

const getConfigurationSet = operation({
  name: 'GetConfigurationSet',
  routes: ['GET /v2/email/configuration-sets/{ConfigurationSetName}'],
  input: structure({ ConfigurationSetName: required(text()) }),
  resource: setResource,
  run: ({ ses }, input) => {
    const set = requireSet(ses, input.ConfigurationSetName);
    return {
      ConfigurationSetName: set.name,
      ReputationOptions: { ReputationMetricsEnabled: false },
      DeliveryOptions: { TlsPolicy: 'OPTIONAL' },
      ...Object.fromEntries(Object.entries(set.options).filter(([, value]) => value !== undefined)),
      SendingOptions: { SendingEnabled: set.sendingEnabled },
      ...(set.suppressedReasons === null
        ? {}
        : { SuppressionOptions: { SuppressedReasons: set.suppressedReasons } }),
      Tags: ses.tags.get(sesArn(ses, 'configuration-set', set.name)) ?? [],
    };
  },
});

const deleteConfigurationSet = operation({
  name: 'DeleteConfigurationSet',
  routes: ['DELETE /v2/email/configuration-sets/{ConfigurationSetName}'],
  input: structure({ ConfigurationSetName: required(text()) }),
  resource: setResource,
  // Identities keep naming a deleted set as their default, and their sends fail from then on.
  run: ({ ses }, input) => {
    const set = requireSet(ses, input.ConfigurationSetName);
    ses.configurationSets.delete(set.name);
    ses.tags.delete(sesArn(ses, 'configuration-set', set.name));
  },
});

const listConfigurationSets = operation({
  name: 'ListConfigurationSets',
  routes: ['POST /v2/email/list-configuration-sets', 'GET /v2/email/configuration-sets'],
  query: PAGING_QUERY,
  input: structure({ ...pagingMembers, Filter: optional(anything()) }),
  run: ({ ses }, input) => {
    const page = paginate([...ses.configurationSets.keys()], (name) => name, `sets ${ses.region}`, input, 50);
    return { ConfigurationSets: page.items, NextToken: page.NextToken };
  },
});

export const CONFIGURATION_SET_OPERATIONS = [
  createConfigurationSet,
  getConfigurationSet,
  deleteConfigurationSet,
  listConfigurationSets,
];
