import { retryDelayMs } from './retry-schedule.js';

/** What an endpoint did: it answered with a status, or there was no answer. */
export type AttemptAnswer = { status: number } | { error: string };

export interface AttemptVerdict {
  outcome: 'success' | 'retry' | 'failed';
  /** With `retry`: when it is due again, from now. */
  retryInMs: number;
  /** 410: the receiver wants no more of this endpoint. */
  isGone: boolean;
}

/**
 * What one attempt means. Only 2xx is success: a redirect is not followed, or a signed body would go where nobody verified it.
 *
 * @param failuresBefore failed attempts before this one @param random in [0, 1)
 */
export function judgeAttempt(answer: AttemptAnswer, failuresBefore: number, random: number): AttemptVerdict {
  const status = 'status' in answer ? answer.status : undefined;
  if (status !== undefined && status >= 200 && status < 300)
    return { outcome: 'success', retryInMs: 0, isGone: false };
  if (status === 410) return { outcome: 'failed', retryInMs: 0, isGone: true };
  const retryInMs = retryDelayMs(failuresBefore + 1, random);
  return retryInMs === undefined
    ? { outcome: 'failed', retryInMs: 0, isGone: false }
    : { outcome: 'retry', retryInMs, isGone: false };
}
