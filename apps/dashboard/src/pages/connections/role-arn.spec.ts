import { describe, expect, test } from '@jest/globals';
import { wrongWithRoleArn } from './role-arn';

const good = 'arn:aws:iam::123456789012:role/sesame-ses';

describe('a role ARN, while it is typed', () => {
  test.each([
    ['nothing yet', ''],
    ['a role', good],
    ['a role with a path', 'arn:aws:iam::123456789012:role/team/mail/sesame'],
    ['with a line end from the clipboard', `${good}\n`],
  ])('takes %s', (_, text) => {
    expect(wrongWithRoleArn(text, 'eu-west-1')).toBeUndefined();
  });

  test.each([
    ['sesame-ses', 'begins with "arn:"'],
    ['arn:aws:iam::123456789012', 'not complete'],
    ['arn:aws:iam::123456789012:role/', 'name of the role'],
    ['arn:aws:iam::1234:role/x', '12 digits'],
    ['arn:aws:iam::123456789012:user/me', 'names a user'],
    ['arn:aws:iam::123456789012:root', 'whole account'],
    ['arn:aws:sts::123456789012:assumed-role/x/y', 'session of a role'],
    ['arn:aws:ses:eu-west-1:123456789012:identity/x.com', 'of ses'],
    ['arn:aws:iam:eu-west-1:123456789012:role/x', 'global'],
    ['arn:aws:iam::123456789012:role/x*', 'no wildcards'],
    ['arn:aws:iam::123456789012:role/a b', 'not one that IAM allows'],
    ['arn:aws-cn:iam::123456789012:role/x', 'partition "aws-cn"'],
  ])('%s: %s', (text, part) => {
    expect(wrongWithRoleArn(text, 'eu-west-1')).toContain(part);
  });

  test('a region of another partition wants a role of that partition', () => {
    expect(wrongWithRoleArn(good, 'us-gov-west-1')).toContain('"aws-us-gov"');
    expect(wrongWithRoleArn(good.replace('aws:', 'aws-us-gov:'), 'us-gov-west-1')).toBeUndefined();
  });
});
