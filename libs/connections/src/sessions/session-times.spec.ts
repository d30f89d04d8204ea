import { expect, test } from '@jest/globals';
import { AwsFailure } from '#libs/aws';
import { RejectionMeter } from './rejection-meter.js';
import { isUsable, refreshTime, retryTime } from './session-times.js';
import { durationReason, judgeSts } from './sts-failure.js';

const minute = 60_000;

test.each([
  // lifetime, random, ahead of expiry
  [900_000, 0, 225_000],
  [900_000, 0.999, 314_910],
  [3_600_000, 0, 5 * minute],
  [3_600_000, 0.5, 8 * minute],
  [43_200_000, 0, 5 * minute],
  [43_200_000, 0.5, 41 * minute],
  [0, 0.5, 0],
])('a session of %d ms is refreshed (random %d) %d ms ahead', (lifetimeMs, random, aheadMs) => {
  expect(lifetimeMs - refreshTime(0, lifetimeMs, random).getTime()).toBeCloseTo(aheadMs, 0);
});

test.each([
  [31_000, true],
  [30_000, false],
  [0, false],
  [-1, false],
])('a session with %d ms left is usable: %s', (leftMs, isGood) => {
  expect(isUsable(new Date(1_000_000 + leftMs), 1_000_000)).toBe(isGood);
});

test('a refusal keeps longer than a hiccup', () => {
  expect([retryTime(0, true, 0), retryTime(0, true, 0.999)].map(Number)).toEqual([30_000, 59_970]);
  expect([retryTime(0, false, 0), retryTime(0, false, 0.999)].map(Number)).toEqual([2_000, 4_997]);
});

test('rejections pause only when they pile up', () => {
  const meter = new RejectionMeter();
  expect([0, 1, 2, 3].map((second) => meter.pauseAfter('k', second * 1000))).toEqual([
    null,
    null,
    null,
    new Date(18_000),
  ]);
  expect(meter.pauseAfter('k', 61_000)).toBeNull();
  expect(meter.pauseAfter('other', 3_000)).toBeNull();
});

const sts = (code: string, message = '', httpStatus?: number) =>
  new AwsFailure({ service: 'sts', operation: 'AssumeRole', code, message, httpStatus, effect: 'no' });

test.each([
  [sts('AccessDenied', 'not authorized', 403), 'denied'],
  [
    sts(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      400,
    ),
    'duration',
  ],
  [
    sts(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      400,
    ),
    'duration',
  ],
  [
    sts('ValidationError', "1 validation error detected: Value 'x' at 'roleSessionName' failed", 400),
    'platform',
  ],
  [sts('ExpiredToken', '', 403), 'platform'],
  [sts('InvalidClientTokenId', '', 403), 'platform'],
  [sts('CredentialsProviderError'), 'platform'],
  [sts('Throttling', 'Rate exceeded', 400), 'inconclusive'],
  [sts('TimeoutError'), 'inconclusive'],
  [sts('InternalFailure', '', 500), 'inconclusive'],
  [sts('SomethingNew', '', 400), 'inconclusive'],
])('$code $message is $1', (failure, verdict) => {
  expect(judgeSts(failure)).toBe(verdict);
});

test('the two reasons for less time are told apart', () => {
  expect(durationReason(sts('ValidationError', 'exceeds the MaxSessionDuration set for this role'))).toBe(
    'role_max_session_duration',
  );
  expect(
    durationReason(
      sts('ValidationError', 'exceeds the 1 hour session limit for roles assumed by role chaining'),
    ),
  ).toBe('role_chaining');
});
