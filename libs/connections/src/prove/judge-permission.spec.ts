import { describe, expect, test } from '@jest/globals';
import { aContext, aFailure } from '../../test/fixtures.js';
import { parseDenial } from './denial.js';
import { judgePermission, type PermissionProbe, type ProbeAnswer } from './judge-permission.js';
import { probeSender } from './probe-sender.js';

const identity = (name: string) => `arn:aws:ses:eu-west-1:444455556666:identity/${name}`;
const refused = (action: string, resource: string) =>
  aFailure(
    'ses',
    'AccessDeniedException',
    `User \`arn:aws:sts::444455556666:assumed-role/R/S' is not authorized to perform \`${action}' on resource \`${resource}'`,
    403,
  );
const noSet = aFailure('ses', 'NotFoundException', 'Configuration set <x> does not exist.', 404);
const probe = (
  simple: ProbeAnswer,
  raw: ProbeAnswer = simple,
  from = 'news@example.org',
  isKnownSender = true,
): PermissionProbe => ({ from, isKnownSender, simple, raw });

describe('parseDenial reads', () => {
  test.each([
    [
      "User `arn:aws:sts::1:assumed-role/R/S' is not authorized to perform `ses:SendRawEmail' on resource `arn:aws:ses:eu-west-1:1:identity/example.com'",
      'ses:SendRawEmail',
      'arn:aws:ses:eu-west-1:1:identity/example.com',
      false,
      false,
    ],
    [
      'User: arn:aws:sts::1:assumed-role/R/S is not authorized to perform: ses:GetAccount on resource: * because no identity-based policy allows the ses:GetAccount action',
      'ses:GetAccount',
      '*',
      false,
      false,
    ],
    [
      'User: arn:aws:sts::1:assumed-role/R/S is not authorized to perform: ses:SendEmail on resource: arn:aws:ses:eu-west-1:1:identity/a@b.c with an explicit deny in a service control policy',
      'ses:SendEmail',
      'arn:aws:ses:eu-west-1:1:identity/a@b.c',
      true,
      false,
    ],
    [
      'User: x is not authorized to perform: ses:SendEmail on resource: arn:aws:ses:eu-west-1:1:identity/a because no session policy allows the ses:SendEmail action',
      'ses:SendEmail',
      'arn:aws:ses:eu-west-1:1:identity/a',
      false,
      true,
    ],
    ['User: x is not authorized to perform: ses:SendEmail', 'ses:SendEmail', undefined, false, false],
    ['', undefined, undefined, false, false],
  ])('%j', (message, action, resource, isExplicit, isSessionPolicy) => {
    expect(parseDenial(message)).toEqual({ action, resource, isExplicit, isSessionPolicy });
  });
});

describe('permission to send', () => {
  test.each<[string, PermissionProbe, string, string]>([
    ['the set is missed, so the permission is there', probe(noSet), 'passed', 'none'],
    [
      'a bad request comes after the permission',
      probe(aFailure('ses', 'BadRequestException')),
      'passed',
      'none',
    ],
    [
      'an unverified sender comes after it too',
      probe(aFailure('ses', 'MessageRejected', 'Email address is not verified.')),
      'passed',
      'none',
    ],
    ['so does paused sending', probe(aFailure('ses', 'SendingPausedException')), 'passed', 'none'],
    [
      'a daily quota is counted behind the permission',
      probe(aFailure('ses', 'TooManyRequestsException', 'Daily message quota exceeded.', 429)),
      'passed',
      'none',
    ],
    [
      'a rate limit may stand before it',
      probe(aFailure('ses', 'TooManyRequestsException', 'Maximum sending rate exceeded.', 429)),
      'pending',
      'wait',
    ],
    ['a stand-in of SES that sends', probe('sent'), 'passed', 'none'],
    ['a timeout', probe(aFailure('ses', 'TimeoutError', '', null)), 'pending', 'wait'],
    ['a server error', probe(noSet, aFailure('ses', 'InternalFailure', '', 500)), 'pending', 'wait'],
    ['an answer nobody knows', probe(aFailure('ses', 'SomethingNew', '', 403)), 'pending', 'wait'],
    ['a closed region', probe(aFailure('ses', 'OptInRequired', '', 403)), 'failed', 'unusable'],
    [
      'a session that SES does not know',
      probe(aFailure('ses', 'UnrecognizedClientException', '', 403)),
      'failed',
      'unusable',
    ],
    [
      'a signature that SES does not like',
      probe(aFailure('ses', 'InvalidSignatureException', '', 403)),
      'failed',
      'hold',
    ],
    [
      'the real sender refused',
      probe(refused('ses:SendEmail', identity('news@example.org'))),
      'failed',
      'unusable',
    ],
    ['its domain refused', probe(refused('ses:SendEmail', identity('example.org'))), 'failed', 'unusable'],
    ['its parent domain refused', probe(refused('ses:SendEmail', identity('org'))), 'failed', 'unusable'],
    [
      'only raw mail refused',
      probe(noSet, refused('ses:SendRawEmail', identity('example.org'))),
      'failed',
      'degrade',
    ],
    [
      'a stand-in refused',
      probe(refused('ses:SendEmail', identity('example.com')), undefined, 'sesame-probe@example.com', false),
      'failed',
      'degrade',
    ],
    [
      'a recipient refused (SES sandbox)',
      probe(refused('ses:SendEmail', identity('success@simulator.amazonses.com'))),
      'failed',
      'degrade',
    ],
    [
      'the invented set refused',
      probe(
        refused('ses:SendEmail', 'arn:aws:ses:eu-west-1:444455556666:configuration-set/x'),
        undefined,
        'sesame-probe@example.com',
        false,
      ),
      'skipped',
      'none',
    ],
    [
      'our own session policy refused',
      probe(
        aFailure(
          'ses',
          'AccessDeniedException',
          'User: x is not authorized to perform: ses:SendEmail on resource: y because no session policy allows it',
          403,
        ),
      ),
      'pending',
      'wait',
    ],
  ])('%s', (_, answers, outcome, effect) => {
    expect(judgePermission(aContext(), answers)).toMatchObject({ outcome, effect });
  });

  test('a refusal inside the window waits for IAM, with the remedy at hand', () => {
    const finding = judgePermission(
      aContext({ isInsideWindow: true }),
      probe(refused('ses:SendEmail', identity('example.org'))),
    );
    expect(finding).toMatchObject({ outcome: 'pending', effect: 'wait', side: 'customer' });
    expect(finding.remedy).toContain(`Allow ses:SendEmail on ${identity('example.org')}`);
    expect(finding.paste).toMatchObject({
      permissions_policy: {},
      cli: expect.stringContaining('put-role-policy'),
      terraform: expect.stringContaining('aws_iam_role_policy'),
    });
  });
});

describe('the sender of the probe', () => {
  test.each([
    ['News <news@example.org>', 'news@example.org', true],
    ['"Smith, J" <j.smith@mail.example.org>', 'j.smith@mail.example.org', true],
    ['news@example.org', 'news@example.org', true],
    [null, 'sesame-probe@example.com', false],
    ['', 'sesame-probe@example.com', false],
    ['nonsense', 'sesame-probe@example.com', false],
    ['a@b@c', 'sesame-probe@example.com', false],
    ['Jörg <jörg@example.org>', 'sesame-probe@example.com', false],
    ['x <a@example.org\r\nBcc: b@example.org>', 'sesame-probe@example.com', false],
  ])('of %j is %s', (sender, from, isKnownSender) => {
    expect(probeSender(sender)).toEqual({ from, isKnownSender });
  });
});
