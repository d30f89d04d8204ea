import { describe, expect, test } from '@jest/globals';
import { AppError } from '#libs/errors';
import { parseRoleArn } from './parse-role-arn.js';

const context = { region: 'eu-west-1', platformAccountId: '111122223333' };
const arnOf = (resource: string, account = '444455556666') => `arn:aws:iam::${account}:${resource}`;

describe('parseRoleArn takes', () => {
  test.each([
    [arnOf('role/Sender'), '/', 'Sender'],
    [`  \n${arnOf('role/Sender')}\t`, '/', 'Sender'],
    [arnOf('role/vendors/acme/Sender'), '/vendors/acme/', 'Sender'],
    [arnOf('role/a+=,.@-_Z9'), '/', 'a+=,.@-_Z9'],
    [arnOf(`role/${'r'.repeat(64)}`), '/', 'r'.repeat(64)],
  ])('%j', (pasted, path, roleName) => {
    expect(parseRoleArn(pasted, context)).toEqual({
      arn: pasted.trim(),
      partition: 'aws',
      accountId: '444455556666',
      path,
      roleName,
    });
  });

  test.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['cn-north-1', 'aws-cn'],
  ])('a role of the partition of %s', (region, partition) => {
    const arn = `arn:${partition}:iam::444455556666:role/R`;
    expect(parseRoleArn(arn, { region, platformAccountId: null }).partition).toBe(partition);
  });
});

describe('parseRoleArn refuses', () => {
  test.each([
    ['', 'not_an_arn'],
    ['Sender', 'not_an_arn'],
    ['444455556666', 'not_an_arn'],
    ['arn:aws:iam::444455556666', 'not_an_arn'],
    ['arn:aws:iam::444455556666:', 'not_an_arn'],
    ['arn:aws:ses:eu-west-1:444455556666:identity/example.com', 'other_service'],
    ['arn:aws:s3:::bucket', 'other_service'],
    [arnOf('user/alice'), 'iam_user'],
    [arnOf('root'), 'account_root'],
    ['arn:aws:sts::444455556666:assumed-role/Sender/alice', 'assumed_role_session'],
    ['arn:aws:sts::444455556666:federated-user/alice', 'not_a_role'],
    [arnOf('instance-profile/web'), 'instance_profile'],
    [arnOf('policy/send'), 'iam_policy'],
    [arnOf('group/devs'), 'iam_group'],
    [arnOf('saml-provider/x'), 'not_a_role'],
    [arnOf('role'), 'bad_role_path'],
    ['arn:amazon:iam::444455556666:role/R', 'unknown_partition'],
    ['arn:aws:iam:eu-west-1:444455556666:role/R', 'malformed_role'],
    [arnOf('role/R', '44445555666'), 'bad_account_id'],
    [arnOf('role/R', 'aws'), 'bad_account_id'],
    [arnOf('role/*'), 'wildcard'],
    [arnOf('role/R?'), 'wildcard'],
    [arnOf('role/R', '*'), 'wildcard'],
    [arnOf('role/'), 'bad_role_name'],
    [arnOf('role/has space'), 'bad_role_name'],
    [arnOf('role/a:b'), 'bad_role_name'],
    [arnOf(`role/${'r'.repeat(65)}`), 'bad_role_name'],
    [arnOf('role/Sender\nX'), 'bad_role_name'],
    [arnOf('role//R'), 'bad_role_path'],
    [arnOf(`role/${'p'.repeat(512)}/R`), 'bad_role_path'],
    [arnOf('role/a b/R'), 'bad_role_path'],
    ['arn:aws-cn:iam::444455556666:role/R', 'other_partition'],
    ['arn:aws-us-gov:iam::444455556666:role/R', 'other_partition'],
    [arnOf('role/R', '111122223333'), 'own_account'],
  ])('%j as %s', (pasted, code) => {
    let error: unknown;
    try {
      parseRoleArn(pasted, context);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: `role_arn.${code}`, kind: 'invalid', field: 'role_arn' });
    expect((error as AppError).remedy).toMatch(/role/);
  });

  test('and tells the role of a session', () => {
    expect(() => parseRoleArn('arn:aws:sts::444455556666:assumed-role/Sender/s', context)).toThrow(
      expect.objectContaining({
        remedy: expect.stringContaining('arn:aws:iam::444455556666:role/Sender'),
      }) as unknown as Error,
    );
  });
});
