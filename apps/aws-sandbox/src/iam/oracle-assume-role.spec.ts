import { describe, expect, it } from '@jest/globals';
import { ACCOUNT, allow, askOracle, caller, deny, IDENTITY, policy, ROLE } from '../testing/iam-oracle.js';
import { authorizeAssumeRole, authorizeCaller } from './evaluate.js';
import { parsePolicy } from './policy-document.js';
import { RequestContext } from './request-context.js';

type Context = Record<string, string>;

describe('session policies agree with the oracle', () => {
  it.each<[string, object, object]>([
    ['both allow', policy(allow('ses:*')), policy(allow('ses:SendEmail'))],
    ['session narrower', policy(allow('ses:*')), policy(allow('ses:GetAccount'))],
    ['session wider', policy(allow('ses:GetAccount')), policy(allow('*'))],
    ['session denies', policy(allow('ses:*')), policy(allow('*'), deny('ses:SendEmail'))],
  ])('%s', async (_name, identity, session) => {
    const ours = authorizeCaller(caller(ACCOUNT, [identity], session), {
      action: 'ses:SendEmail',
      resource: IDENTITY,
      context: RequestContext.of({}),
    });
    const oracle = await askOracle({
      request: {
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/R/s`,
        action: 'ses:SendEmail',
        resource: { resource: IDENTITY, accountId: ACCOUNT },
        contextVariables: {},
      },
      identityPolicies: [{ name: 'p', policy: identity }],
      sessionPolicy: session,
    });
    expect(ours.isAllowed).toBe(oracle);
  });
});

describe('AssumeRole agrees with the oracle', () => {
  const may = policy(allow('sts:AssumeRole'));
  const trustOf = (Principal: unknown, Condition?: object, Effect = 'Allow'): object => ({
    Effect,
    Principal,
    Action: 'sts:AssumeRole',
    ...(Condition && { Condition }),
  });
  const id = { StringEquals: { 'sts:ExternalId': 'right' } };
  const user = (account: string): string => `arn:aws:iam::${account}:user/broker`;
  const OTHER = '111122223333';

  it.each<[string, string, object[], object, Context]>([
    [
      'cross account, both sides',
      OTHER,
      [may],
      policy(trustOf({ AWS: user(OTHER) }, id)),
      { 'sts:ExternalId': 'right' },
    ],
    [
      'cross account, wrong id',
      OTHER,
      [may],
      policy(trustOf({ AWS: user(OTHER) }, id)),
      { 'sts:ExternalId': 'wrong' },
    ],
    ['cross account, no id', OTHER, [may], policy(trustOf({ AWS: user(OTHER) }, id)), {}],
    ['cross account, caller may not', OTHER, [], policy(trustOf({ AWS: user(OTHER) })), {}],
    [
      'cross account root, caller may',
      OTHER,
      [may],
      policy(trustOf({ AWS: `arn:aws:iam::${OTHER}:root` })),
      {},
    ],
    [
      'cross account root, caller may not',
      OTHER,
      [],
      policy(trustOf({ AWS: `arn:aws:iam::${OTHER}:root` })),
      {},
    ],
    ['same account, named', ACCOUNT, [], policy(trustOf({ AWS: user(ACCOUNT) })), {}],
    ['same account, root only', ACCOUNT, [], policy(trustOf({ AWS: `arn:aws:iam::${ACCOUNT}:root` })), {}],
    [
      'same account, root and permission',
      ACCOUNT,
      [may],
      policy(trustOf({ AWS: `arn:aws:iam::${ACCOUNT}:root` })),
      {},
    ],
    ['same account, permission but no trust', ACCOUNT, [may], policy(trustOf({ AWS: user(OTHER) })), {}],
    [
      'deny in the trust policy',
      OTHER,
      [may],
      policy(
        trustOf({ AWS: OTHER }),
        trustOf('*', { StringNotEquals: { 'sts:ExternalId': 'right' } }, 'Deny'),
      ),
      { 'sts:ExternalId': 'wrong' },
    ],
    [
      'deny that does not apply',
      OTHER,
      [may],
      policy(
        trustOf({ AWS: OTHER }),
        trustOf('*', { StringNotEquals: { 'sts:ExternalId': 'right' } }, 'Deny'),
      ),
      { 'sts:ExternalId': 'right' },
    ],
    ['caller denies itself', OTHER, [may, policy(deny('sts:*', ROLE))], policy(trustOf({ AWS: OTHER })), {}],
  ])('%s', async (_name, account, identity, document, context) => {
    const trust = parsePolicy(document, 'trust', (arn) => (arn === user(account) ? 'AIDATEST' : 'AIDAOTHER'));
    const ours = authorizeAssumeRole(trust, ACCOUNT, caller(account, identity), {
      action: 'sts:AssumeRole',
      resource: ROLE,
      context: RequestContext.of(context),
    });
    const oracle = await askOracle({
      request: {
        principal: user(account),
        action: 'sts:AssumeRole',
        resource: { resource: ROLE, accountId: ACCOUNT },
        contextVariables: context,
      },
      identityPolicies: identity.map((item, i) => ({ name: String(i), policy: item })),
      resourcePolicy: document,
    });
    expect(ours.isAllowed).toBe(oracle);
  });
});
