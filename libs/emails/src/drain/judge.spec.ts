import { describe, expect, it } from '@jest/globals';
import { AwsFailure } from '#libs/aws';
import { MAX_ATTEMPTS } from './backoff.js';
import { judge } from './judge.js';

const failures = {
  throttle: ['TooManyRequestsException', 429, 'Maximum sending rate exceeded.', 'no'],
  quota: ['TooManyRequestsException', 429, 'Daily message quota exceeded.', 'no'],
  credentials: ['ExpiredTokenException', 403, '', 'no'],
  unreachable: ['NetworkError', undefined, 'ECONNREFUSED', 'no'],
  pause: ['AccountSuspendedException', 400, '', 'no'],
  denied: ['AccessDeniedException', 403, '', 'no'],
  retry: ['ConcurrentModificationException', 500, '', 'no'],
  uncertain: ['InternalFailure', 500, '', 'unknown'],
  fail: ['MessageRejected', 400, 'Email address is not verified.', 'no'],
} as const;

function judged(name: keyof typeof failures, attempts: number, delivery = 'at_least_once', random = 0) {
  const [code, httpStatus, message, effect] = failures[name];
  const failure = new AwsFailure({
    service: 'ses',
    operation: 'SendEmail',
    code,
    httpStatus,
    message,
    effect,
  });
  const { verdict, outcome } = judge(
    failure,
    { id: 'e-1', recipients: 1, attempts, payload: '{}' },
    delivery,
    random,
  );
  expect(verdict.action).toBe(name);
  return outcome;
}

const almostOne = 1 - Number.EPSILON;

describe('an email after a failure', () => {
  it.each([
    // failure, status, attempt, counts, earliest, latest
    ['throttle', 'queued', 'throttled', false, 1_000, 2_000],
    ['quota', 'queued', 'throttled', false, 0, 0],
    ['credentials', 'queued', 'retry', false, 1_000, 5_000],
    ['unreachable', 'queued', 'retry', false, 1_000, 5_000],
    ['pause', 'queued', 'retry', false, 60_000, 60_000],
    ['denied', 'queued', 'retry', true, 60_000, 60_000],
    ['retry', 'queued', 'retry', true, 0, 5_000],
    ['uncertain', 'queued', 'uncertain', true, 0, 5_000],
    ['fail', 'failed', 'failed', true, 0, 0],
  ] as const)(
    'of the kind %s is %s, recorded as %s (counted: %s), due in %d to %d ms',
    (name, status, attempt, isCounted, earliest, latest) => {
      for (const [random, due] of [
        [0, earliest],
        [almostOne, latest],
      ] as const) {
        const outcome = judged(name, 1, 'at_least_once', random);
        expect(outcome).toMatchObject({ status, attempt, isCounted });
        expect(outcome.retryInMs).toBeCloseTo(due, 3);
      }
    },
  );

  it.each([
    ['pause', /suspended/],
    ['denied', /permissions policy/],
    ['fail', /create-email-identity/],
    ['throttle', undefined],
    ['retry', undefined],
    ['uncertain', undefined],
  ] as const)('of the kind %s carries its remedy', (name, remedy) => {
    const { errorRemedy } = judged(name, 1);
    if (remedy === undefined) expect(errorRemedy).toBeUndefined();
    else expect(errorRemedy).toMatch(remedy);
  });

  it.each([
    ['retry', MAX_ATTEMPTS - 1, 'queued'],
    ['retry', MAX_ATTEMPTS, 'failed'],
    ['denied', MAX_ATTEMPTS - 1, 'queued'],
    ['denied', MAX_ATTEMPTS, 'failed'],
    ['uncertain', MAX_ATTEMPTS - 1, 'queued'],
    ['uncertain', MAX_ATTEMPTS, 'failed'],
    ['throttle', 10 * MAX_ATTEMPTS, 'queued'],
    ['quota', 10 * MAX_ATTEMPTS, 'queued'],
    ['credentials', 10 * MAX_ATTEMPTS, 'queued'],
    ['unreachable', 10 * MAX_ATTEMPTS, 'queued'],
    ['pause', 10 * MAX_ATTEMPTS, 'queued'],
  ] as const)('of the kind %s, after attempt %d, is %s', (name, attempts, status) => {
    expect(judged(name, attempts).status).toBe(status);
  });

  it.each([
    [1, 0.5, 2_500],
    [5, 0.5, 40_000],
    [13, 0.5, 1_800_000],
  ])('of the kind retry backs off: after attempt %d (random %d) %d ms', (attempts, random, delayMs) => {
    expect(judged('retry', attempts, 'at_least_once', random).retryInMs).toBe(delayMs);
    expect(judged('uncertain', attempts, 'at_least_once', random).retryInMs).toBe(delayMs);
    expect(judged('denied', attempts, 'at_least_once', random).retryInMs).toBe(Math.max(60_000, delayMs));
  });
});

describe('an email whose answer was lost, with at_most_once', () => {
  it.each([1, MAX_ATTEMPTS])('is never sent again (attempt %d)', (attempts) => {
    expect(judged('uncertain', attempts, 'at_most_once')).toEqual({
      status: 'uncertain',
      attempt: 'uncertain',
      isCounted: true,
      retryInMs: 0,
      errorRemedy: expect.stringContaining('may have sent'),
    });
  });

  it.each(['throttle', 'quota', 'credentials', 'unreachable', 'pause', 'retry', 'denied'] as const)(
    'is not one that met %s: that was surely not sent',
    (name) => {
      expect(judged(name, 1, 'at_most_once')).toEqual(judged(name, 1, 'at_least_once'));
    },
  );
});
