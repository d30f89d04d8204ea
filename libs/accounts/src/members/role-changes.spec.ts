import { describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/errors';
import { roles, type Role } from '../policy.js';
import { checkRoleChange } from './role-changes.js';

const isRefused = (by: Role, from: Role | undefined, to: Role | undefined): boolean => {
  try {
    checkRoleChange(by, from, to);
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'members.owners_only') return true;
    throw error;
  }
};

describe('checkRoleChange', () => {
  const others = ['viewer', 'developer', 'admin', undefined] as const;

  it.each([...others])('lets only owners make an owner of: %s', (from) => {
    expect(roles.filter((by) => !isRefused(by, from, 'owner'))).toEqual(['owner']);
  });

  it.each([...others])('lets only owners turn an owner into: %s', (to) => {
    expect(roles.filter((by) => !isRefused(by, 'owner', to))).toEqual(['owner']);
  });

  it('lets an admin do everything else', () => {
    expect(others.flatMap((from) => others.filter((to) => isRefused('admin', from, to)))).toEqual([]);
  });
});
