import { describe, expect, test } from '@jest/globals';
import { withAnyExternalId, withoutAction, withoutExternalId, type Policy } from './scenarios.js';

const trust = (condition?: Record<string, Record<string, unknown>>): Policy => ({
  Version: '2012-10-17',
  Statement: [
    { Action: 'sts:AssumeRole', ...(condition !== undefined && { Condition: condition as never }) },
  ],
});

describe('the external ID of a trust policy', () => {
  test.each<[string, Policy, Policy, Policy]>([
    [
      'its only condition',
      trust({ StringEquals: { 'sts:ExternalId': 'a' } }),
      trust(),
      trust({ StringLike: { 'sts:ExternalId': '*' } }),
    ],
    [
      'beside others, which stay',
      trust({
        StringEquals: { 'sts:ExternalId': ['a', 'b'], 'aws:SourceAccount': '1' },
        ArnEquals: { 'aws:PrincipalArn': 'p' },
      }),
      trust({ StringEquals: { 'aws:SourceAccount': '1' }, ArnEquals: { 'aws:PrincipalArn': 'p' } }),
      trust({
        StringEquals: { 'aws:SourceAccount': '1' },
        ArnEquals: { 'aws:PrincipalArn': 'p' },
        StringLike: { 'sts:ExternalId': '*' },
      }),
    ],
    ['that is not there', trust(), trust(), trust({ StringLike: { 'sts:ExternalId': '*' } })],
  ])('%s: dropped, and any accepted', (_, policy, dropped, any) => {
    expect(withoutExternalId(policy)).toEqual(dropped);
    expect(withAnyExternalId(policy)).toEqual(any);
  });
});

describe('an action of the permissions', () => {
  const allowing = (...Action: string[]): Policy => ({ Version: '2012-10-17', Statement: [{ Action }] });

  test.each([
    [
      ['ses:SendEmail', 'ses:SendRawEmail', 'ses:GetAccount'],
      ['ses:SendRawEmail', 'ses:GetAccount'],
    ],
    [['SES:sendemail', 'ses:GetAccount'], ['ses:GetAccount']],
    [['ses:Send*', 'ses:GetAccount'], ['ses:GetAccount']],
    [['ses:*Email', 's*:S*d*l', 'ses:Get*'], ['ses:Get*']],
    [
      ['*', 'ses:*Emails', 'ses:SendEmail*Email'],
      ['ses:*Emails', 'ses:SendEmail*Email'],
    ],
  ])('is taken out of %j by name or wildcard', (actions, left) => {
    expect(withoutAction({ a: allowing(...actions) }, 'ses:SendEmail')).toEqual({ a: allowing(...left) });
  });

  test('takes statements and policies with it that allow nothing else', () => {
    const policies = {
      send: { Version: '2012-10-17', Statement: [{ Action: 'ses:SendEmail' }] },
      both: { Version: '2012-10-17', Statement: [{ Action: 'ses:SendEmail' }, { Action: ['sns:Publish'] }] },
    };
    expect(withoutAction(policies, 'ses:SendEmail')).toEqual({
      both: { Version: '2012-10-17', Statement: [{ Action: ['sns:Publish'] }] },
    });
  });
});
