import { describe, expect, it } from '@jest/globals';
import type { FeedbackStep } from '../feedback-source.js';
import { untouchedStep } from '../step-order.js';
import { decideFollow } from './decide-follow.js';

const since = new Date('2026-10-01T08:00:00Z');
const after = (seconds: number) => new Date(since.getTime() + seconds * 1000);
const step = (name: FeedbackStep['name'], outcome: FeedbackStep['outcome']): FeedbackStep => ({
  ...untouchedStep(name),
  outcome,
});
const source = { provenAt: null, followSince: since, followAttempts: 0 };
const queue = (outcome: FeedbackStep['outcome']) => [step('topic', 'passed'), step('queue', outcome)];

describe('decideFollow', () => {
  it('is done when every step has passed', () => {
    expect(decideFollow(source, queue('passed'), after(1))).toEqual({ status: 'active', waitMs: null });
  });

  it('tries what AWS has not done again, less and less often', () => {
    const waits = [0, 1, 2, 5, 20].map(
      (followAttempts) => decideFollow({ ...source, followAttempts }, queue('pending'), after(1)).waitMs,
    );
    expect(waits).toEqual([1_000, 2_000, 4_000, 32_000, 300_000]);
  });

  it('looks when the step says so', () => {
    expect(decideFollow(source, [step('path_proven', 'pending')], after(1), 5_000)).toEqual({
      status: 'proving',
      waitMs: 5_000,
    });
  });

  it('looks again soon after a refusal, for IAM takes its time, then seldom, then not at all', () => {
    const waits = [1, 60, 3_600, 80_000, 86_400].map(
      (s) => decideFollow(source, queue('failed'), after(s)).waitMs,
    );
    expect(waits).toEqual([5_000, 15_000, 900_000, 3_600_000, null]);
  });

  it('is broken, not failed, when it worked before', () => {
    const proven = { ...source, provenAt: after(-1) };
    expect(decideFollow(proven, queue('failed'), after(1)).status).toBe('broken');
    expect(decideFollow(source, queue('failed'), after(1)).status).toBe('failed');
  });

  it('gives up waiting after a day', () => {
    expect(decideFollow(source, queue('pending'), after(86_400))).toEqual({ status: 'failed', waitMs: null });
  });
});
