import { describe, expect, it } from '@jest/globals';
import { MalformedPolicy } from './malformed-policy.js';
import { parsePolicy } from './policy-document.js';
import type { PolicyKind } from './policy-statement.js';

const reason = (document: unknown, kind: PolicyKind): string => {
  try {
    parsePolicy(document, kind, (arn) => (arn.endsWith('/known') ? 'AIDAKNOWN' : null));
  } catch (error) {
    if (error instanceof MalformedPolicy) return error.message;
    throw error;
  }
  return 'fine';
};

const one = (statement: object): object => ({ Version: '2012-10-17', Statement: [statement] });
const identity = { Effect: 'Allow', Action: 'ses:*', Resource: '*' };
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } };

describe('parsePolicy', () => {
  it.each<[string, unknown, PolicyKind, string]>([
    ['an identity policy', one(identity), 'identity', 'fine'],
    ['JSON text', JSON.stringify(one(identity)), 'session', 'fine'],
    ['a single statement without array', { Statement: identity }, 'identity', 'fine'],
    ['a trust policy', one(trust), 'trust', 'fine'],
    [
      'a known user',
      one({ ...trust, Principal: { AWS: 'arn:aws:iam::111122223333:user/known' } }),
      'trust',
      'fine',
    ],
    ['a service principal', one({ ...trust, Principal: { Service: 'ec2.amazonaws.com' } }), 'trust', 'fine'],
    ['broken JSON', '{"Version":', 'identity', 'This policy contains invalid Json'],
    ['a list', [], 'identity', 'Syntax errors in policy.'],
    [
      'an unknown version',
      { Version: '2020-01-01', Statement: identity },
      'identity',
      'Syntax errors in policy.',
    ],
    ['an unknown member', { ...one(identity), Extra: 1 }, 'identity', 'Syntax errors in policy.'],
    ['no statement', { Version: '2012-10-17' }, 'identity', 'Missing required field Statement'],
    ['an empty statement list', { Statement: [] }, 'identity', 'Empty Statement'],
    [
      'a misspelt statement member',
      one({ ...identity, Conditions: {} }),
      'identity',
      'Syntax errors in policy.',
    ],
    ['no effect', one({ Action: 'ses:*', Resource: '*' }), 'identity', 'Missing required field Effect'],
    ['a lower-case effect', one({ ...identity, Effect: 'allow' }), 'identity', 'Invalid effect: allow'],
    ['no action', one({ Effect: 'Allow', Resource: '*' }), 'identity', 'Missing required field Action'],
    ['no resource', one({ Effect: 'Allow', Action: 'ses:*' }), 'identity', 'Missing required field Resource'],
    [
      'an action without vendor',
      one({ ...identity, Action: 'SendEmail' }),
      'identity',
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'a resource that is no ARN',
      one({ ...identity, Resource: 'example.com' }),
      'identity',
      'Resource example.com must be in ARN format or "*".',
    ],
    [
      'a principal in an identity policy',
      one({ ...identity, Principal: '*' }),
      'identity',
      'Policy document should not specify a principal.',
    ],
    [
      'no principal in a trust policy',
      one({ Effect: 'Allow', Action: 'sts:AssumeRole' }),
      'trust',
      'Missing required field Principal',
    ],
    [
      'a resource in a trust policy',
      one({ ...trust, Resource: '*' }),
      'trust',
      'Has prohibited field Resource',
    ],
    [
      'another service’s action in a trust policy',
      one({ ...trust, Action: 'ses:*' }),
      'trust',
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      'a user that does not exist',
      one({ ...trust, Principal: { AWS: 'arn:aws:iam::111122223333:user/gone' } }),
      'trust',
      'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/gone"',
    ],
    [
      'a wildcard principal',
      one({ ...trust, Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } }),
      'trust',
      'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/*"',
    ],
    [
      'an unknown operator',
      one({ ...identity, Condition: { StringMatches: { 'aws:userid': 'x' } } }),
      'identity',
      'Invalid Condition type : StringMatches.',
    ],
    [
      'an unknown qualifier',
      one({ ...identity, Condition: { 'ForSomeValues:StringEquals': { 'aws:userid': 'x' } } }),
      'identity',
      'Invalid Condition type : ForSomeValues:StringEquals.',
    ],
    [
      'NullIfExists',
      one({ ...identity, Condition: { NullIfExists: { 'aws:userid': 'true' } } }),
      'identity',
      'Invalid Condition type : NullIfExists.',
    ],
    [
      'two statements with one Sid',
      {
        Statement: [
          { ...identity, Sid: 'A' },
          { ...identity, Sid: 'A' },
        ],
      },
      'identity',
      'Statement IDs (SID) in a single policy must be unique.',
    ],
  ])('%s', (_name, document, kind, expected) => {
    expect(reason(document, kind)).toBe(expected);
  });
});
