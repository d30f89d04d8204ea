import { describe, expect, test } from '@jest/globals';
import { aConnection, aContext, aFailure, now } from '../../test/fixtures.js';
import { describePrincipal } from '../platform-principal.js';
import { judgeNotOpened, judgeOpened } from './judge-assume.js';
import { judgeDuration } from './judge-duration.js';
import { judgePlatform } from './judge-platform.js';
import { judgeRefusal } from './judge-refusal.js';
import { judgeRoleArn } from './judge-role-arn.js';
import { judgeNoSesAccount, judgeSesAccount } from './judge-ses-account.js';

const denied = aFailure(
  'sts',
  'AccessDenied',
  'User: x is not authorized to perform: sts:AssumeRole on resource: y',
  403,
);

describe('platform_principal', () => {
  const state = (arn: string) => ({
    principal: describePrincipal(arn, '111122223333'),
    error: null,
    checkedAt: now,
  });
  test.each([
    ['arn:aws:iam::111122223333:user/sesame', 'eu-west-1', 'passed'],
    ['arn:aws:sts::111122223333:assumed-role/broker/i-1', 'eu-west-1', 'passed'],
    ['arn:aws:iam::111122223333:root', 'eu-west-1', 'failed'],
    ['arn:aws:sts::111122223333:federated-user/x', 'eu-west-1', 'failed'],
    ['arn:aws:iam::111122223333:user/sesame', 'us-gov-west-1', 'failed'],
  ])('%s for %s has %s', (arn, region, outcome) => {
    expect(judgePlatform(state(arn), region)).toMatchObject({
      outcome,
      effect: outcome === 'failed' ? 'hold' : 'none',
    });
  });

  test('without credentials it is our fault', () => {
    const finding = judgePlatform(
      { principal: null, error: { name: 'CredentialsProviderError', message: 'none' }, checkedAt: now },
      'eu-west-1',
    );
    expect(finding).toMatchObject({ outcome: 'failed', side: 'platform', effect: 'hold' });
  });
});

test('role_arn refuses our own account', () => {
  expect(judgeRoleArn(aConnection(), '444455556666')).toMatchObject({
    outcome: 'failed',
    effect: 'unsafe',
    side: 'customer',
  });
  expect(judgeRoleArn(aConnection(), '111122223333').outcome).toBe('passed');
});

describe('assume_with_external_id', () => {
  test.each([
    ['denied inside the window', denied, true, 'pending', 'wait', 'customer'],
    ['denied behind the window', denied, false, 'failed', 'unusable', 'customer'],
    [
      'session tags',
      aFailure('sts', 'AccessDenied', 'not authorized to perform: sts:TagSession on resource: y', 403),
      false,
      'failed',
      'hold',
      'platform',
    ],
    ['our credentials', aFailure('sts', 'ExpiredToken', '', 403), false, 'failed', 'hold', 'platform'],
    ['throttled', aFailure('sts', 'Throttling'), false, 'pending', 'wait', 'aws'],
  ] as const)('%s', (_, failure, isInsideWindow, outcome, effect, side) => {
    expect(judgeNotOpened(aContext({ isInsideWindow }), failure)).toMatchObject({ outcome, effect, side });
  });

  test('an explicit deny is named', () => {
    const failure = aFailure(
      'sts',
      'AccessDenied',
      `${denied.message} with an explicit deny in a service control policy`,
      403,
    );
    expect(judgeNotOpened(aContext(), failure).detail).toContain('explicit deny');
  });

  test('a role of another account than the ARN is refused', () => {
    expect(judgeOpened(aContext(), 'x', 'arn:aws:sts::999999999999:assumed-role/Sender/s')).toMatchObject({
      outcome: 'failed',
      effect: 'unusable',
    });
  });
});

describe('refusals', () => {
  test.each([
    ['opened', true, 'pending', 'wait'],
    ['opened', false, 'failed', 'unsafe'],
    [denied, false, 'passed', 'none'],
    [aFailure('sts', 'Throttling'), false, 'pending', 'wait'],
    [aFailure('sts', 'TimeoutError', '', null), false, 'pending', 'wait'],
    [aFailure('sts', 'ServiceUnavailable', '', 503), false, 'pending', 'wait'],
    [aFailure('sts', 'ValidationError'), false, 'failed', 'hold'],
  ] as const)('%s (grace %s) is %s', (answer, isInsideSafetyGrace, outcome, effect) => {
    for (const name of ['refuse_without_external_id', 'refuse_wrong_external_id'] as const) {
      expect(judgeRefusal(name, aContext({ isInsideSafetyGrace }), answer)).toMatchObject({
        name,
        outcome,
        effect,
      });
    }
  });
});

describe('session_duration', () => {
  const twoHours = aContext({ connection: aConnection({ requestedSessionSeconds: 7200 }) });
  test('chaining is our limit', () => {
    const { finding, granted } = judgeDuration(
      twoHours,
      aFailure(
        'sts',
        'ValidationError',
        'exceeds the 1 hour session limit for roles assumed by role chaining.',
      ),
    );
    expect(finding).toMatchObject({ outcome: 'failed', effect: 'degrade', side: 'platform' });
    expect(granted).toEqual({ seconds: 3600, reason: 'role_chaining' });
  });

  test('a refusal after the role has opened decides nothing', () => {
    expect(judgeDuration(twoHours, denied)).toEqual({
      finding: expect.objectContaining({ outcome: 'pending', effect: 'wait' }),
    });
  });
});

describe('ses_account', () => {
  const healthy = {
    productionAccess: true,
    sendingEnabled: true,
    enforcementStatus: 'HEALTHY',
    maxSendRate: 14,
    max24HourSend: 50_000,
    sentLast24Hours: 0,
  };
  test.each([
    [{}, 'passed', 'none'],
    [{ max24HourSend: -1 }, 'passed', 'none'],
    [{ max24HourSend: -1, sentLast24Hours: 90_000 }, 'passed', 'none'],
    [{ productionAccess: false }, 'passed', 'none'],
    [{ enforcementStatus: 'PROBATION' }, 'passed', 'none'],
    [{ enforcementStatus: 'SHUTDOWN', sendingEnabled: false }, 'failed', 'degrade'],
    [{ sendingEnabled: false }, 'failed', 'degrade'],
  ])('%j %s', (fields, outcome, effect) => {
    const finding = judgeSesAccount(aContext(), { ...healthy, ...fields });
    expect(finding).toMatchObject({ outcome, effect });
    expect(finding.remedy === null).toBe(
      outcome === 'passed' && Object.keys(fields).every((key) => /24Hour/.test(key)),
    );
  });

  test('a used-up quota is told, and the connection stays as it is', () => {
    const finding = judgeSesAccount(aContext(), { ...healthy, sentLast24Hours: 50_000 });
    expect(finding).toMatchObject({
      outcome: 'passed',
      effect: 'none',
      detail: expect.stringContaining('50000 of 50000 recipients in 24 hours'),
      remedy: expect.stringContaining('by itself'),
    });
  });

  test.each([
    [
      aFailure(
        'ses',
        'AccessDeniedException',
        'User: x is not authorized to perform: ses:GetAccount on resource: *',
        403,
      ),
      true,
      'pending',
      'wait',
    ],
    [
      aFailure(
        'ses',
        'AccessDeniedException',
        'User: x is not authorized to perform: ses:GetAccount on resource: *',
        403,
      ),
      false,
      'failed',
      'degrade',
    ],
    [aFailure('ses', 'UnrecognizedClientException', '', 403), true, 'pending', 'wait'],
    [aFailure('ses', 'UnrecognizedClientException', '', 403), false, 'failed', 'degrade'],
    [aFailure('ses', 'InvalidSignatureException', '', 403), false, 'failed', 'hold'],
    [aFailure('ses', 'OptInRequired', '', 403), false, 'failed', 'degrade'],
    [aFailure('ses', 'TooManyRequestsException', '', 429), false, 'pending', 'wait'],
    [aFailure('ses', 'NetworkError', 'ENOTFOUND', null), false, 'pending', 'wait'],
  ])('no answer: $0.code (window %s) is %s', (failure, isInsideWindow, outcome, effect) => {
    expect(judgeNoSesAccount(aContext({ isInsideWindow }), failure)).toMatchObject({ outcome, effect });
  });
});
