import { describe, expect, it } from '@jest/globals';
import { isUniqueViolation } from './errors.js';

describe('isUniqueViolation', () => {
  it.each<[string, unknown, boolean]>([
    ['of PostgreSQL', Object.assign(new Error('duplicate key'), { code: '23505' }), true],
    ['of Prisma', Object.assign(new Error('unique'), { code: 'P2002' }), true],
    ['a foreign key', Object.assign(new Error('fk'), { code: '23503' }), false],
    ['a number as code', { code: 23505 }, false],
    ['an error without code', new Error('23505'), false],
    ['text', '23505', false],
    ['null', null, false],
    ['nothing', undefined, false],
  ])('%s', (_, error, expected) => {
    expect(isUniqueViolation(error)).toBe(expected);
  });
});
