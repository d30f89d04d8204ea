/** What people are in an organization, from least to most. */
export const roles = ['viewer', 'developer', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

/**
 * Who may call a route. `public`: anybody. `send`: a project key, sending_access included. `project`: a full_access
 * project key. `manage`: a full_access key of the project or its organization. `administer`: the same, for what changes
 * the organization itself. `user`: somebody who is signed in, whatever they are a member of; no key.
 * A member who is signed in may call all but `public` and `user` as {@link may} says.
 */
export type Access = 'public' | 'send' | 'project' | 'manage' | 'administer' | 'user';

/** The least role for everything that a member can do. */
const leastRole = {
  read: 'viewer',
  send: 'developer',
  manage: 'developer',
  administer: 'admin',
  /** Make and unmake owners. */
  own: 'owner',
} as const satisfies Record<string, Role>;
export type Ability = keyof typeof leastRole;
export const abilities = Object.keys(leastRole) as Ability[];

const changing: Readonly<Record<Exclude<Access, 'public' | 'user'>, Ability>> = {
  send: 'send',
  project: 'manage',
  manage: 'manage',
  administer: 'administer',
};

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

export function can(role: Role, ability: Ability): boolean {
  return roles.indexOf(role) >= roles.indexOf(leastRole[ability]);
}

export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether a member may call a route with this access by this HTTP method. */
export function may(role: Role, access: Exclude<Access, 'public' | 'user'>, method: string): boolean {
  return can(role, isReading(method) ? 'read' : changing[access]);
}

/** The least role that may. */
export function leastRoleFor(access: Exclude<Access, 'public' | 'user'>, method: string): Role {
  return leastRole[isReading(method) ? 'read' : changing[access]];
}
