import { alreadyExists, limitExceeded, notFound } from '../errors.js';
import { operation } from '../operation.js';
import { required, structure, text } from '../shape.js';
import { identityResource, requireIdentity } from './identity-operations.js';

const MAX_POLICIES = 20;
const PATH = '/v2/email/identities/{EmailIdentity}/policies';

const key = {
  EmailIdentity: required(text()),
  PolicyName: required(text({ min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ })),
};
const keyAndPolicy = structure({ ...key, Policy: required(text({ min: 1 })) });

const createPolicy = operation({
  name: 'CreateEmailIdentityPolicy',
  routes: [`POST ${PATH}/{PolicyName}`],
  input: keyAndPolicy,
  resource: identityResource,
  run: ({ ses }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    if (Object.hasOwn(identity.policies, input.PolicyName))
      throw alreadyExists(`Policy <${input.PolicyName}> already exists`);
    if (Object.keys(identity.policies).length >= MAX_POLICIES)
      throw limitExceeded('Too many policies for this identity.');
    identity.policies[input.PolicyName] = input.Policy;
  },
});

const updatePolicy = operation({
  name: 'UpdateEmailIdentityPolicy',
  routes: [`PUT ${PATH}/{PolicyName}`],
  input: keyAndPolicy,
  resource: identityResource,
  run: ({ ses }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    if (!Object.hasOwn(identity.policies, input.PolicyName))
      throw notFound(`Policy <${input.PolicyName}> does not exist`);
    identity.policies[input.PolicyName] = input.Policy;
  },
});

const deletePolicy = operation({
  name: 'DeleteEmailIdentityPolicy',
  routes: [`DELETE ${PATH}/{PolicyName}`],
  input: structure(key),
  resource: identityResource,
  run: ({ ses }, input) => {
    const identity = requireIdentity(ses, input.EmailIdentity);
    const { [input.PolicyName]: _removed, ...rest } = identity.policies;
    identity.policies = rest;
  },
});

const getPolicies = operation({
  name: 'GetEmailIdentityPolicies',
  routes: [`GET ${PATH}`],
  input: structure({ EmailIdentity: required(text()) }),
  resource: identityResource,
  run: ({ ses }, input) => ({ Policies: requireIdentity(ses, input.EmailIdentity).policies }),
});

/** Stored and shown only: sending for another account by such a policy is not simulated. */
export const IDENTITY_POLICY_OPERATIONS = [createPolicy, updatePolicy, deletePolicy, getPolicies];
