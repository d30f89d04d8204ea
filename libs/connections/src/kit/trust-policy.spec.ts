import { describe, expect, test } from '@jest/globals';
import { askOracle } from '../../../../apps/aws-sandbox/src/testing/iam-oracle.js';
import { describePrincipal } from '../platform-principal.js';
import { trustPolicy } from './trust-policy.js';

const ours = '111122223333';
const customerRole = 'arn:aws:iam::444455556666:role/Sender';
const mayAssume = [
  {
    name: 'may',
    policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
    },
  },
];

/** What another implementation of IAM makes of the trust policy. */
function opens(
  policy: object,
  principal: string,
  principalArn: string,
  externalId?: string,
): Promise<boolean> {
  return askOracle({
    request: {
      principal,
      action: 'sts:AssumeRole',
      resource: { resource: customerRole, accountId: '444455556666' },
      contextVariables: {
        'aws:PrincipalArn': principalArn,
        ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
      },
    },
    identityPolicies: mayAssume,
    resourcePolicy: policy,
  });
}

const userArn = `arn:aws:iam::${ours}:user/sesame-platform`;
const sessionArn = `arn:aws:sts::${ours}:assumed-role/broker/i-0abc`;

describe('the trust policy', () => {
  const forUser = trustPolicy(describePrincipal(userArn, ours), ['right']);
  const forRole = trustPolicy(describePrincipal(sessionArn, ours), ['old', 'new']);

  test.each<[string, boolean, object, string, string, string | undefined]>([
    ['our user with the ID', true, forUser, userArn, userArn, 'right'],
    ['our user without an ID', false, forUser, userArn, userArn, undefined],
    ['our user with a wrong ID', false, forUser, userArn, userArn, 'wrong'],
    [
      'another user of our account',
      false,
      forUser,
      `arn:aws:iam::${ours}:user/other`,
      `arn:aws:iam::${ours}:user/other`,
      'right',
    ],
    [
      'the same user name in another account',
      false,
      forUser,
      'arn:aws:iam::999999999999:user/sesame-platform',
      'arn:aws:iam::999999999999:user/sesame-platform',
      'right',
    ],
    ['our role with the old ID', true, forRole, sessionArn, `arn:aws:iam::${ours}:role/broker`, 'old'],
    ['our role with the new ID', true, forRole, sessionArn, `arn:aws:iam::${ours}:role/broker`, 'new'],
    [
      'our role, which has a path',
      true,
      forRole,
      sessionArn,
      `arn:aws:iam::${ours}:role/infra/eu/broker`,
      'new',
    ],
    ['our role without an ID', false, forRole, sessionArn, `arn:aws:iam::${ours}:role/broker`, undefined],
    [
      'another role of our account',
      false,
      forRole,
      `arn:aws:sts::${ours}:assumed-role/other/i`,
      `arn:aws:iam::${ours}:role/other`,
      'new',
    ],
  ])('opens for %s: %s', async (_, isOpen, policy, principal, principalArn, externalId) => {
    expect(await opens(policy, principal, principalArn, externalId)).toBe(isOpen);
  });
});
