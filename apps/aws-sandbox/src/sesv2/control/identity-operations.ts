import type { Identity, SesRegion } from '../../state/ses-region.js';
import { sesArn } from '../arn.js';
import { alreadyExists, badRequest, limitExceeded, notFound } from '../errors.js';
import { followDns, verificationStatus } from '../follow-dns.js';
import { newIdentity } from '../identity-factory.js';
import { operation, PAGING_QUERY, type SesCall } from '../operation.js';
import { identityKey } from '../send/sender-identity.js';
import { anything, optional, oneOf, required, structure, text } from '../shape.js';
import { pagingMembers, tagList } from './common.js';
import { paginate } from './paginate.js';
import { presentDkim, presentIdentity } from './present-identity.js';

const MAX_IDENTITIES = 10_000;
const NAME = /^(?:[^\s@]+@)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

export const requireIdentity = (ses: SesRegion, name: string): Identity => {
  const identity = ses.identities.get(identityKey(name));
  if (identity === undefined) throw notFound(`Email identity ${name} does not exist.`);
  return identity;
};

export const identityResource = ({ ses }: SesCall, input: { readonly EmailIdentity: string }): string =>
  sesArn(ses, 'identity', identityKey(input.EmailIdentity));

const signing = structure({
  DomainSigningSelector: optional(text({ max: 63 })),
  DomainSigningPrivateKey: optional(text({ max: 20_480 })),
  NextSigningKeyLength: optional(oneOf('RSA_1024_BIT', 'RSA_2048_BIT')),
  DomainSigningAttributesOrigin: optional(text()),
});

const createEmailIdentity = operation({
  name: 'CreateEmailIdentity',
  routes: ['POST /v2/email/identities'],
  input: structure({
    EmailIdentity: required(text({ min: 1 })),
    Tags: optional(tagList),
    DkimSigningAttributes: optional(signing),
    ConfigurationSetName: optional(text()),
  }),
  resource: identityResource,
  run: ({ ses, now, world }, input) => {
    const { EmailIdentity: name, ConfigurationSetName: set, DkimSigningAttributes: dkim } = input;
    if (!NAME.test(name) || name.length > 320) throw badRequest(`Invalid email identity: ${name}`);
    if (ses.identities.has(identityKey(name))) throw alreadyExists(`Email identity ${name} already exist.`);
    if (set !== undefined && !ses.configurationSets.has(set))
      throw notFound(`Configuration set <${set}> does not exist.`);
    if (ses.identities.size >= MAX_IDENTITIES) throw limitExceeded('Too many identities.');
    const identity = newIdentity(ses, name, false, now);
    identity.followsDns = identity.type === 'DOMAIN';
    identity.configurationSetName = set ?? null;
    if (dkim?.DomainSigningSelector !== undefined) {
      // Bring-your-own DKIM: the tokens echo the selector, there is no CNAME to publish.
      identity.dkim = { ...identity.dkim, origin: 'EXTERNAL', tokens: [dkim.DomainSigningSelector] };
    }
    followDns(world.zone, ses, identity, now);
    ses.identities.set(identity.name, identity);
    if (input.Tags !== undefined) ses.tags.set(sesArn(ses, 'identity', identity.name), input.Tags);
    return {
      IdentityType: identity.type,
      VerifiedForSendingStatus: identity.isVerified,
      DkimAttributes: presentDkim(identity, ses, now),
    };
  },
});

const getEmailIdentity = operation({
  name: 'GetEmailIdentity',
  routes: ['GET /v2/email/identities/{EmailIdentity}'],
  input: structure({ EmailIdentity: required(text()) }),
  resource: identityResource,
  run: ({ ses, now, world }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    followDns(world.zone, ses, identity, now);
    return presentIdentity(identity, ses, now);
  },
});

const deleteEmailIdentity = operation({
  name: 'DeleteEmailIdentity',
  routes: ['DELETE /v2/email/identities/{EmailIdentity}'],
  input: structure({ EmailIdentity: required(text()) }),
  resource: identityResource,
  run: ({ ses }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    ses.identities.delete(identity.name);
    ses.tags.delete(sesArn(ses, 'identity', identity.name));
  },
});

const listEmailIdentities = operation({
  name: 'ListEmailIdentities',
  routes: ['POST /v2/email/list-identities', 'GET /v2/email/identities'],
  query: PAGING_QUERY,
  input: structure({ ...pagingMembers, Filter: optional(anything()) }),
  run: ({ ses, now }, input) => {
    const page = paginate(
      [...ses.identities.values()],
      (identity) => identity.name,
      `identities ${ses.region}`,
      input,
      25,
    );
    return {
      EmailIdentities: page.items.map((identity) => ({
        IdentityType: identity.type,
        IdentityName: identity.name,
        SendingEnabled: identity.isVerified,
        VerificationStatus: verificationStatus(identity, now),
      })),
      NextToken: page.NextToken,
    };
  },
});

export const IDENTITY_OPERATIONS = [
  createEmailIdentity,
  getEmailIdentity,
  deleteEmailIdentity,
  listEmailIdentities,
];
