import { describe, expect, it } from '@jest/globals';
import { ACCOUNT, allow, askOracle, caller, deny, IDENTITY, policy } from '../testing/iam-oracle.js';
import { authorizeCaller } from './evaluate.js';
import { RequestContext } from './request-context.js';

type Context = Record<string, string | string[]>;
const FROM: Context = { 'ses:FromAddress': 'news@example.com' };

describe('identity policies agree with the oracle', () => {
  it.each<[string, object, string, Context]>([
    ['plain allow', policy(allow('ses:SendEmail')), 'ses:SendEmail', {}],
    ['nothing', policy(allow('ses:GetAccount')), 'ses:SendEmail', {}],
    ['action wildcard', policy(allow('ses:Send*')), 'ses:SendRawEmail', {}],
    ['action question mark', policy(allow('ses:SendEmai?')), 'ses:SendEmail', {}],
    ['action case', policy(allow('SES:sendemail')), 'ses:SendEmail', {}],
    [
      'NotAction',
      policy({ Effect: 'Allow', NotAction: 'ses:SendEmail', Resource: '*' }),
      'ses:SendEmail',
      {},
    ],
    [
      'NotAction other',
      policy({ Effect: 'Allow', NotAction: 'ses:Get*', Resource: '*' }),
      'ses:SendEmail',
      {},
    ],
    ['resource match', policy(allow('ses:*', IDENTITY)), 'ses:SendEmail', {}],
    ['resource wildcard', policy(allow('ses:*', 'arn:aws:ses:*:*:identity/*.com')), 'ses:SendEmail', {}],
    ['resource mismatch', policy(allow('ses:*', `${IDENTITY}.evil`)), 'ses:SendEmail', {}],
    [
      'resource is case-sensitive',
      policy(allow('ses:*', IDENTITY.replace('example', 'Example'))),
      'ses:SendEmail',
      {},
    ],
    ['NotResource', policy({ Effect: 'Allow', Action: '*', NotResource: IDENTITY }), 'ses:SendEmail', {}],
    ['deny wins', policy(allow('*'), deny('ses:SendEmail')), 'ses:SendEmail', {}],
    ['deny of something else', policy(allow('*'), deny('ses:Delete*')), 'ses:SendEmail', {}],
    [
      'StringEquals',
      policy(allow('ses:*', '*', { StringEquals: { 'ses:FromAddress': 'news@example.com' } })),
      'ses:SendEmail',
      FROM,
    ],
    [
      'StringEquals missing',
      policy(allow('ses:*', '*', { StringEquals: { 'ses:FromAddress': 'news@example.com' } })),
      'ses:SendEmail',
      {},
    ],
    [
      'StringEqualsIfExists missing',
      policy(allow('ses:*', '*', { StringEqualsIfExists: { 'ses:FromAddress': 'x' } })),
      'ses:SendEmail',
      {},
    ],
    [
      'StringNotEquals missing',
      policy(allow('ses:*', '*', { StringNotEquals: { 'ses:FromAddress': 'x' } })),
      'ses:SendEmail',
      {},
    ],
    [
      'StringNotEquals two values',
      policy(allow('ses:*', '*', { StringNotEquals: { 'ses:FromAddress': ['x', 'news@example.com'] } })),
      'ses:SendEmail',
      FROM,
    ],
    [
      'StringLike',
      policy(allow('ses:*', '*', { StringLike: { 'ses:FromAddress': '*@example.com' } })),
      'ses:SendEmail',
      FROM,
    ],
    [
      'StringLike case',
      policy(allow('ses:*', '*', { StringLike: { 'ses:FromAddress': '*@Example.com' } })),
      'ses:SendEmail',
      FROM,
    ],
    [
      'StringEqualsIgnoreCase',
      policy(allow('ses:*', '*', { StringEqualsIgnoreCase: { 'ses:FromAddress': 'NEWS@example.com' } })),
      'ses:SendEmail',
      FROM,
    ],
    [
      'two keys are and',
      policy(allow('ses:*', '*', { StringLike: { 'ses:FromAddress': '*', 'ses:FromDisplayName': 'x' } })),
      'ses:SendEmail',
      FROM,
    ],
    [
      'ForAllValues hit',
      policy(allow('ses:*', '*', { 'ForAllValues:StringLike': { 'ses:Recipients': '*@a.com' } })),
      'ses:SendEmail',
      { 'ses:Recipients': ['x@a.com', 'y@a.com'] },
    ],
    [
      'ForAllValues miss',
      policy(allow('ses:*', '*', { 'ForAllValues:StringLike': { 'ses:Recipients': '*@a.com' } })),
      'ses:SendEmail',
      { 'ses:Recipients': ['x@a.com', 'y@b.com'] },
    ],
    [
      'ForAllValues absent',
      policy(allow('ses:*', '*', { 'ForAllValues:StringLike': { 'ses:Recipients': '*@a.com' } })),
      'ses:SendEmail',
      {},
    ],
    [
      'ForAnyValue hit',
      policy(allow('ses:*', '*', { 'ForAnyValue:StringLike': { 'ses:Recipients': '*@a.com' } })),
      'ses:SendEmail',
      { 'ses:Recipients': ['x@a.com', 'y@b.com'] },
    ],
    [
      'ForAnyValue absent',
      policy(allow('ses:*', '*', { 'ForAnyValue:StringLike': { 'ses:Recipients': '*@a.com' } })),
      'ses:SendEmail',
      {},
    ],
    ['Null true', policy(allow('ses:*', '*', { Null: { 'ses:FromAddress': 'true' } })), 'ses:SendEmail', {}],
    [
      'Null false',
      policy(allow('ses:*', '*', { Null: { 'ses:FromAddress': 'false' } })),
      'ses:SendEmail',
      {},
    ],
    [
      'Bool',
      policy(allow('ses:*', '*', { Bool: { 'aws:SecureTransport': 'true' } })),
      'ses:SendEmail',
      { 'aws:SecureTransport': 'true' },
    ],
    [
      'Bool false',
      policy(deny('ses:*', '*', { Bool: { 'aws:SecureTransport': 'false' } }), allow('*')),
      'ses:SendEmail',
      { 'aws:SecureTransport': 'true' },
    ],
    [
      'IpAddress',
      policy(allow('ses:*', '*', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })),
      'ses:SendEmail',
      { 'aws:SourceIp': '203.0.113.9' },
    ],
    [
      'IpAddress miss',
      policy(allow('ses:*', '*', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } })),
      'ses:SendEmail',
      { 'aws:SourceIp': '203.0.114.9' },
    ],
    [
      'NotIpAddress',
      policy(allow('ses:*', '*', { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '10.0.0.0/8'] } })),
      'ses:SendEmail',
      { 'aws:SourceIp': '10.1.1.1' },
    ],
    [
      'DateLessThan',
      policy(allow('ses:*', '*', { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } })),
      'ses:SendEmail',
      { 'aws:CurrentTime': '2026-11-24T00:00:00Z' },
    ],
    [
      'DateGreaterThan',
      policy(allow('ses:*', '*', { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } })),
      'ses:SendEmail',
      { 'aws:CurrentTime': '2026-11-24T00:00:00Z' },
    ],
    [
      'NumericLessThanEquals',
      policy(allow('ses:*', '*', { NumericLessThanEquals: { 'aws:MultiFactorAuthAge': '300' } })),
      'ses:SendEmail',
      { 'aws:MultiFactorAuthAge': '300' },
    ],
    [
      'NumericGreaterThan',
      policy(allow('ses:*', '*', { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '300' } })),
      'ses:SendEmail',
      { 'aws:MultiFactorAuthAge': '300' },
    ],
    [
      'ArnLike',
      policy(allow('ses:*', '*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/brok*' } })),
      'ses:SendEmail',
      { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/broker` },
    ],
    [
      'ArnLike does not cross colons',
      policy(allow('ses:*', '*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:*:user/broker' } })),
      'ses:SendEmail',
      { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/broker` },
    ],
    [
      'ArnNotEquals',
      policy(allow('ses:*', '*', { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/broker' } })),
      'ses:SendEmail',
      { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/broker` },
    ],
    [
      'variable in the account part',
      policy(allow('ses:*', 'arn:aws:ses:*:${aws:PrincipalAccount}:identity/*')),
      'ses:SendEmail',
      { 'aws:PrincipalAccount': ACCOUNT },
    ],
    [
      'variable in the resource part',
      policy(allow('ses:*', 'arn:aws:ses:*:*:identity/${aws:PrincipalTag/domain}')),
      'ses:SendEmail',
      { 'aws:PrincipalTag/domain': 'example.com' },
    ],
    [
      'variable in a condition',
      policy(allow('ses:*', '*', { StringEquals: { 'ses:FromDisplayName': '${aws:PrincipalTag/team}' } })),
      'ses:SendEmail',
      { 'ses:FromDisplayName': 'red', 'aws:PrincipalTag/team': 'red' },
    ],
    [
      'unknown variable matches nothing',
      policy(allow('ses:*', '*', { StringEquals: { 'ses:FromDisplayName': '${aws:PrincipalTag/team}' } })),
      'ses:SendEmail',
      { 'ses:FromDisplayName': 'red' },
    ],
    [
      'a variable’s value has no wildcards',
      policy(allow('ses:*', '*', { StringLike: { 'ses:FromDisplayName': '${aws:PrincipalTag/team}' } })),
      'ses:SendEmail',
      { 'ses:FromDisplayName': 'red', 'aws:PrincipalTag/team': '*' },
    ],
  ])('%s', async (_name, document, action, context) => {
    const ours = authorizeCaller(caller(ACCOUNT, [document]), {
      action,
      resource: IDENTITY,
      context: RequestContext.of(context),
    }).isAllowed;
    const oracle = await askOracle({
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:user/broker`,
        action,
        resource: { resource: IDENTITY, accountId: ACCOUNT },
        contextVariables: context,
      },
      identityPolicies: [{ name: 'p', policy: document }],
    });
    expect(ours).toBe(oracle);
  });
});
