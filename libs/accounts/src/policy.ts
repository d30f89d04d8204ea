/** What people are in an organization, from least to most. */
export const roles = ['viewer', 'developer', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

/** What a key of an organization can be: nobody hands an organization over to a program. */
export const keyRoles = ['viewer', 'developer', 'admin'] as const satisfies readonly Role[];
export type KeyRole = (typeof keyRoles)[number];

/**
 * Who may call a route. `public`: anybody. `user`: somebody who is signed in, whatever they are a member of; no key. Everything else is
 * about a project or an organization, and {@link table} says who may.
 */
export type Access = 'public' | 'user' | keyof typeof table;
/** An access that roles decide about. */
export type RoleAccess = keyof typeof table;

/** The least role for everything that a member can do. */
const leastRole = {
  read: 'viewer',
  send: 'developer',
  manage: 'developer',
  administer: 'admin',
  /** Make and unmake owners, delete the organization. */
  own: 'owner',
} as const satisfies Record<string, Role>;
export type Ability = keyof typeof leastRole;
export const abilities = Object.keys(leastRole) as Ability[];

/** Which keys a route takes at all, each for what it may. `project`: of that project. */
type Keys = 'project' | 'project and organization' | 'organization, reading' | 'none';

interface Rule {
  /** What a member, or a key with a role, needs to be able to. */
  reading: Ability;
  changing: Ability;
  keys: Keys;
}

const table = {
  /** A sending_access key as well. */
  send: { reading: 'read', changing: 'send', keys: 'project' },
  /** What is in a project. */
  project: { reading: 'read', changing: 'manage', keys: 'project' },
  /** What is in the projects of an organization. */
  manage: { reading: 'read', changing: 'manage', keys: 'project and organization' },
  /** The organization itself, and which projects it has. */
  administer: { reading: 'read', changing: 'administer', keys: 'project and organization' },
  /** Who is in the organization: programs may look. */
  members: { reading: 'read', changing: 'administer', keys: 'organization, reading' },
  /** The organization's keys: one key makes no other. */
  keys: { reading: 'administer', changing: 'administer', keys: 'none' },
  /** To go away, whoever one is. */
  leave: { reading: 'read', changing: 'read', keys: 'none' },
  /** To delete the organization. */
  own: { reading: 'own', changing: 'own', keys: 'none' },
} as const satisfies Record<string, Rule>;

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

export function can(role: Role, ability: Ability): boolean {
  return roles.indexOf(role) >= roles.indexOf(leastRole[ability]);
}

export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function abilityFor(access: RoleAccess, method: string): Ability {
  return isReading(method) ? table[access].reading : table[access].changing;
}

/** Whether a member may call a route with this access by this HTTP method. */
export function may(role: Role, access: RoleAccess, method: string): boolean {
  return can(role, abilityFor(access, method));
}

/** The least role that may. */
export function leastRoleFor(access: RoleAccess, method: string): Role {
  return leastRole[abilityFor(access, method)];
}

/** Whether keys of projects are meant for this access. */
export function takesProjectKeys(access: RoleAccess): boolean {
  return table[access].keys.startsWith('project');
}

/** Whether keys of organizations are, as far as their roles go. */
export function takesOrganizationKeys(access: RoleAccess, method: string): boolean {
  const { keys } = table[access];
  return keys === 'project and organization' || (keys === 'organization, reading' && isReading(method));
}

/**
 * What an organization key may at this moment: what it was given, and never more than its maker.
 *
 * @param makerRole undefined: who made it is no member (any more) @returns undefined: nothing
 */
export function keyRoleNow(role: Role, makerRole: Role | undefined): Role | undefined {
  if (makerRole === undefined) return undefined;
  return roles[Math.min(roles.indexOf(role), roles.indexOf(makerRole))];
}
