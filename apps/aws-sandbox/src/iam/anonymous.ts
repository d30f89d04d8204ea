import type { Caller } from './caller.js';

/** Whoever did not sign. No policy allows anything to it. */
export const ANONYMOUS_CALLER: Caller = {
  type: 'User',
  accountId: 'anonymous',
  arn: 'anonymous',
  principalArn: 'anonymous',
  uniqueId: 'anonymous',
  userId: 'anonymous',
  name: 'anonymous',
  isTemporary: false,
  tokenIssuedAt: null,
  sourceIdentity: null,
  tags: [],
  transitiveTagKeys: [],
  identityPolicies: [],
  sessionPolicies: null,
};
