import { describe, expect, it } from '@jest/globals';
import { putReason } from './put-reason.js';

describe('the reason under which an address goes on an account’s list', () => {
  it.each([
    ['bounce', ['BOUNCE', 'COMPLAINT'], 'BOUNCE'],
    ['bounce', ['COMPLAINT'], 'BOUNCE'],
    ['complaint', ['BOUNCE'], 'COMPLAINT'],
    ['manual', ['BOUNCE', 'COMPLAINT'], 'BOUNCE'],
    ['manual', ['BOUNCE'], 'BOUNCE'],
    ['manual', ['COMPLAINT'], 'COMPLAINT'],
    ['manual', [], 'BOUNCE'],
    ['manual', null, 'BOUNCE'],
  ] as const)('of a %s, while %j count, is %s', (origin, inForce, expected) => {
    expect(putReason(origin, inForce)).toBe(expected);
  });
});
