import { describe, expect, it } from '@jest/globals';
import { abilities, can, keyRoleNow, leastRoleFor, may, roles, type Ability, type Role } from './policy.js';

describe('the policy', () => {
  it.each<[Role, Ability[]]>([
    ['viewer', ['read']],
    ['developer', ['read', 'send', 'manage']],
    ['admin', ['read', 'send', 'manage', 'administer']],
    ['owner', ['read', 'send', 'manage', 'administer', 'own']],
  ])('gives a %s: %j', (role, expected) => {
    expect(abilities.filter((ability) => can(role, ability))).toEqual(expected);
  });

  it.each([
    ['send', 'GET', 'viewer'],
    ['send', 'POST', 'developer'],
    ['project', 'GET', 'viewer'],
    ['project', 'HEAD', 'viewer'],
    ['project', 'POST', 'developer'],
    ['project', 'PATCH', 'developer'],
    ['project', 'DELETE', 'developer'],
    ['manage', 'GET', 'viewer'],
    ['manage', 'PUT', 'developer'],
    ['manage', 'DELETE', 'developer'],
    ['administer', 'GET', 'viewer'],
    ['administer', 'POST', 'admin'],
    ['administer', 'PATCH', 'admin'],
    ['administer', 'DELETE', 'admin'],
    ['members', 'GET', 'viewer'],
    ['members', 'POST', 'admin'],
    ['members', 'PATCH', 'admin'],
    ['members', 'DELETE', 'admin'],
    ['keys', 'GET', 'admin'],
    ['keys', 'POST', 'admin'],
    ['keys', 'DELETE', 'admin'],
    ['leave', 'POST', 'viewer'],
    ['own', 'DELETE', 'owner'],
  ] as const)('%s by %s needs %s', (access, method, least) => {
    expect(leastRoleFor(access, method)).toBe(least);
    expect(roles.filter((role) => may(role, access, method))).toEqual(roles.slice(roles.indexOf(least)));
  });

  it.each<[Role, Role | undefined, Role | undefined]>([
    ['admin', 'owner', 'admin'],
    ['admin', 'admin', 'admin'],
    ['admin', 'developer', 'developer'],
    ['admin', 'viewer', 'viewer'],
    ['developer', 'admin', 'developer'],
    ['viewer', 'owner', 'viewer'],
    ['viewer', 'viewer', 'viewer'],
    ['admin', undefined, undefined],
    ['viewer', undefined, undefined],
  ])('makes of a key given %s, whose maker is %s: %s', (role, makerRole, expected) => {
    expect(keyRoleNow(role, makerRole)).toBe(expected);
  });
});
