import { describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/errors';
import { checkKeyAccess } from './key-access.js';
import { keyRoles, type Access, type Role } from './policy.js';
import type { KeyPrincipal } from './principal.js';

const organizationKey = (role: Role | undefined): KeyPrincipal => ({
  kind: 'key',
  keyId: 'k',
  organizationId: 'o',
  projectId: undefined,
  permission: 'full_access',
  domain: undefined,
  role,
});
const projectKey = (permission: KeyPrincipal['permission']): KeyPrincipal => ({
  ...organizationKey(undefined),
  projectId: 'p',
  permission,
});

/** @returns `yes`, or the code of the refusal */
function answer(key: KeyPrincipal, access: Exclude<Access, 'public'>, method: string): string {
  try {
    checkKeyAccess(key, access, method);
    return 'yes';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('an API key', () => {
  it.each([
    // What, how: the least role of an organization's key, if there is one.
    ['manage', 'GET', 'viewer'],
    ['manage', 'POST', 'developer'],
    ['manage', 'DELETE', 'developer'],
    ['administer', 'GET', 'viewer'],
    ['administer', 'POST', 'admin'],
    ['administer', 'PATCH', 'admin'],
    ['members', 'GET', 'viewer'],
    ['members', 'HEAD', 'viewer'],
    ['members', 'POST', undefined],
    ['members', 'PATCH', undefined],
    ['members', 'DELETE', undefined],
    ['keys', 'GET', undefined],
    ['keys', 'POST', undefined],
    ['keys', 'DELETE', undefined],
    ['leave', 'POST', undefined],
    ['own', 'DELETE', undefined],
    ['send', 'POST', undefined],
    ['project', 'GET', undefined],
    ['project', 'POST', undefined],
    ['user', 'GET', undefined],
    ['user', 'POST', undefined],
  ] as const)('of an organization may %s by %s from this role on: %s', (access, method, least) => {
    const allowed = keyRoles.filter((role) => answer(organizationKey(role), access, method) === 'yes');
    expect(allowed).toEqual(least === undefined ? [] : keyRoles.slice(keyRoles.indexOf(least)));
    expect(answer(organizationKey(undefined), access, method)).toBe('auth.restricted');
  });

  it.each([
    ['send', 'yes', 'yes'],
    ['project', 'yes', 'auth.restricted'],
    ['manage', 'yes', 'auth.restricted'],
    ['administer', 'yes', 'auth.restricted'],
    ['members', 'organization.not_found', 'auth.restricted'],
    ['keys', 'organization.not_found', 'auth.restricted'],
    ['leave', 'organization.not_found', 'auth.restricted'],
    ['own', 'organization.not_found', 'auth.restricted'],
    ['user', 'auth.restricted', 'auth.restricted'],
  ] as const)('of a project, for %s: full_access %s, sending_access %s', (access, full, sending) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(answer(projectKey('full_access'), access, method)).toBe(full);
      expect(answer(projectKey('sending_access'), access, method)).toBe(sending);
    }
  });
});
