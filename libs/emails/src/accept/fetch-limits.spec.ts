import { describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/errors';
import { FetchLimits } from './fetch-limits.js';

function refusalOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('not refused');
}

const MB = 1024 * 1024;

describe('FetchLimits', () => {
  it('lets no project fetch for more than 64 emails at the same time, and others meanwhile', () => {
    const limits = new FetchLimits();
    const places = Array.from({ length: 64 }, () => limits.enter('p'));
    expect(refusalOf(() => limits.enter('p'))).toMatchObject({ kind: 'rate_limited', retryAfterMs: 1_000 });
    limits.enter('q').leave();
    places[0]?.leave();
    limits.enter('p');
    expect(refusalOf(() => limits.enter('p'))).toMatchObject({ kind: 'rate_limited' });
  });

  it('lets all projects together fetch for 512 emails', () => {
    const limits = new FetchLimits();
    const places = Array.from({ length: 512 }, (_, index) => limits.enter(`p${index}`));
    expect(refusalOf(() => limits.enter('q'))).toMatchObject({ kind: 'unavailable', retryAfterMs: 1_000 });
    places[7]?.leave();
    limits.enter('q');
  });

  it('holds 256 MB for all of them, and gives back what a place held', () => {
    const limits = new FetchLimits();
    const [one, other] = [limits.enter('p'), limits.enter('q')];
    one.hold(200 * MB);
    other.hold(56 * MB);
    expect(refusalOf(() => other.hold(1))).toMatchObject({ kind: 'unavailable' });
    one.leave();
    other.hold(199 * MB);
    other.leave();
    limits.enter('p').hold(256 * MB);
  });
});
