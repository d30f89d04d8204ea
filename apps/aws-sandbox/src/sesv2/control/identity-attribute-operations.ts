import { badRequest } from '../errors.js';
import { followDns, verificationStatus } from '../follow-dns.js';
import { operation } from '../operation.js';
import { identityKey } from '../send/sender-identity.js';
import { flag, oneOf, optional, required, structure, text } from '../shape.js';
import { identityResource, requireIdentity } from './identity-operations.js';
import { notFound } from '../errors.js';

const name = { EmailIdentity: required(text()) };

const putDkimAttributes = operation({
  name: 'PutEmailIdentityDkimAttributes',
  routes: ['PUT /v2/email/identities/{EmailIdentity}/dkim'],
  input: structure({ ...name, SigningEnabled: optional(flag()) }),
  resource: identityResource,
  run: ({ ses }, input) => {
    const identity = ses.identities.get(identityKey(input.EmailIdentity));
    // An unknown domain is a 400 here, not the usual 404.
    if (identity === undefined)
      throw badRequest(`Domain ${input.EmailIdentity} is not verified for DKIM signing.`);
    identity.dkim.signingEnabled = input.SigningEnabled ?? false;
  },
});

const putDkimSigningAttributes = operation({
  name: 'PutEmailIdentityDkimSigningAttributes',
  // Older service models spell this one operation with v1.
  routes: [
    'PUT /v2/email/identities/{EmailIdentity}/dkim/signing',
    'PUT /v1/email/identities/{EmailIdentity}/dkim/signing',
  ],
  input: structure({
    ...name,
    SigningAttributesOrigin: required(text()),
    SigningAttributes: optional(
      structure({
        DomainSigningSelector: optional(text({ max: 63 })),
        DomainSigningPrivateKey: optional(text({ max: 20_480 })),
        NextSigningKeyLength: optional(oneOf('RSA_1024_BIT', 'RSA_2048_BIT')),
      }),
    ),
  }),
  resource: identityResource,
  run: ({ ses, now }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    const { DomainSigningSelector: selector, NextSigningKeyLength: keyLength } =
      input.SigningAttributes ?? {};
    if (input.SigningAttributesOrigin === 'EXTERNAL') {
      if (selector === undefined) throw badRequest('DomainSigningSelector is required for EXTERNAL signing.');
      identity.dkim = { ...identity.dkim, origin: 'EXTERNAL', tokens: [selector] };
    } else
      identity.dkim = {
        ...identity.dkim,
        origin: 'AWS_SES',
        keyLength: keyLength ?? identity.dkim.keyLength,
      };
    identity.searchingSince = now;
    return { DkimStatus: verificationStatus(identity, now), DkimTokens: identity.dkim.tokens };
  },
});

const putMailFromAttributes = operation({
  name: 'PutEmailIdentityMailFromAttributes',
  routes: ['PUT /v2/email/identities/{EmailIdentity}/mail-from'],
  input: structure({
    ...name,
    MailFromDomain: optional(text()),
    BehaviorOnMxFailure: optional(oneOf('USE_DEFAULT_VALUE', 'REJECT_MESSAGE')),
  }),
  resource: identityResource,
  run: ({ ses, now, world }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    const domain = input.MailFromDomain;
    if (domain === undefined || domain === '') {
      identity.mailFrom = null;
      return;
    }
    const parent = identity.name.slice(identity.name.lastIndexOf('@') + 1);
    if (!domain.toLowerCase().endsWith(`.${parent}`))
      throw badRequest(
        `Provided MAIL-FROM domain <${domain}> is not subdomain of the domain of the identity <${identity.name}>.`,
      );
    const behaviorOnMxFailure = input.BehaviorOnMxFailure ?? 'USE_DEFAULT_VALUE';
    identity.mailFrom = { domain, behaviorOnMxFailure, status: identity.isVerified ? 'SUCCESS' : 'PENDING' };
    identity.searchingSince = now;
    followDns(world.zone, ses, identity, now);
  },
});

const putFeedbackAttributes = operation({
  name: 'PutEmailIdentityFeedbackAttributes',
  routes: ['PUT /v2/email/identities/{EmailIdentity}/feedback'],
  input: structure({ ...name, EmailForwardingEnabled: optional(flag()) }),
  resource: identityResource,
  run: ({ ses }, input) => {
    requireIdentity(ses, input.EmailIdentity).feedbackForwarding = input.EmailForwardingEnabled ?? false;
  },
});

const putConfigurationSetAttributes = operation({
  name: 'PutEmailIdentityConfigurationSetAttributes',
  routes: ['PUT /v2/email/identities/{EmailIdentity}/configuration-set'],
  input: structure({ ...name, ConfigurationSetName: optional(text()) }),
  resource: identityResource,
  run: ({ ses }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    const set = input.ConfigurationSetName ?? '';
    if (set !== '' && !ses.configurationSets.has(set))
      throw notFound(`Configuration set <${set}> does not exist.`);
    identity.configurationSetName = set === '' ? null : set;
  },
});

export const IDENTITY_ATTRIBUTE_OPERATIONS = [
  putDkimAttributes,
  putDkimSigningAttributes,
  putMailFromAttributes,
  putFeedbackAttributes,
  putConfigurationSetAttributes,
];
