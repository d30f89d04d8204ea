import { describe, expect, it } from '@jest/globals';
import { AppError, errorKinds, notFound } from './app-error.js';

describe('AppError', () => {
  it('carries everything it was made with', () => {
    const cause = new Error('root');
    const error = new AppError({
      code: 'connection.role_not_assumable',
      kind: 'invalid',
      message: 'The role cannot be assumed.',
      field: 'role_arn',
      remedy: 'Paste this trust policy.',
      retryAfterMs: 5_000,
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, message: error.message, cause: error.cause }).toEqual({
      name: 'AppError',
      code: 'connection.role_not_assumable',
      kind: 'invalid',
      message: 'The role cannot be assumed.',
      field: 'role_arn',
      remedy: 'Paste this trust policy.',
      retryAfterMs: 5_000,
      cause,
    });
    expect(error.stack).toContain('The role cannot be assumed.');
  });

  it('has no cause, field, remedy or delay when none was given', () => {
    const error = new AppError({ code: 'a.b', kind: 'internal', message: 'm' });
    expect('cause' in error).toBe(false);
    expect([error.field, error.remedy, error.retryAfterMs]).toEqual([undefined, undefined, undefined]);
  });

  it('has kinds that are all different', () => {
    expect(new Set(errorKinds).size).toBe(errorKinds.length);
  });
});

describe('notFound', () => {
  it.each([
    ['Email', 'email.not_found', 'Email not found'],
    ['API key', 'api_key.not_found', 'API key not found'],
    ['Two Word Thing', 'two_word_thing.not_found', 'Two Word Thing not found'],
  ])('of %s', (what, code, message) => {
    expect(notFound(what)).toMatchObject({ code, kind: 'not_found', message });
  });
});
