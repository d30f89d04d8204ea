import { describe, expect, it } from '@jest/globals';
import { judgeAttempt } from './judge-attempt.js';

describe('what an attempt means', () => {
  it.each([
    ['200', { status: 200 }, 0, 'success'],
    ['204', { status: 204 }, 0, 'success'],
    ['299 at the last attempt', { status: 299 }, 7, 'success'],
    ['a redirect', { status: 302 }, 0, 'retry'],
    ['not modified', { status: 304 }, 0, 'retry'],
    ['400', { status: 400 }, 0, 'retry'],
    ['429', { status: 429 }, 3, 'retry'],
    ['500', { status: 500 }, 6, 'retry'],
    ['500 at the last attempt', { status: 500 }, 7, 'failed'],
    ['no answer', { error: 'The connection to the server failed.' }, 0, 'retry'],
    ['no answer at the last attempt', { error: 'The connection to the server failed.' }, 7, 'failed'],
  ] as const)('%s', (_, answer, failuresBefore, outcome) => {
    const verdict = judgeAttempt(answer, failuresBefore, 0.5);
    expect(verdict).toMatchObject({ outcome, isGone: false });
    expect(verdict.retryInMs > 0).toBe(outcome === 'retry');
  });

  it('410 ends it at once, for the endpoint too', () => {
    expect(judgeAttempt({ status: 410 }, 0, 0.5)).toEqual({ outcome: 'failed', retryInMs: 0, isGone: true });
  });
});
