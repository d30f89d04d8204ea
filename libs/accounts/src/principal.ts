import type { Role } from './policy.js';

export const permissions = ['full_access', 'sending_access'] as const;
export type Permission = (typeof permissions)[number];

/** What a caller may reach, however they proved who they are. */
interface Reach {
  organizationId: string;
  /** Undefined: the whole organization; manages and does not send. */
  projectId: string | undefined;
  permission: Permission;
  /** The only From domain that a sending_access key may be bound to. */
  domain: string | undefined;
}

/** Who calls, as an API key tells. */
export interface KeyPrincipal extends Reach {
  kind: 'key';
  keyId: string;
  /** Of an organization's key, as it is now; a project's key has none. */
  role: Role | undefined;
}

/** Who calls, as a session of the dashboard tells. */
export interface MemberPrincipal extends Reach {
  kind: 'member';
  keyId: undefined;
  userId: string;
  role: Role;
}

export type Principal = KeyPrincipal | MemberPrincipal;

/** The actor as audit entries name it. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'key' ? `key:${principal.keyId}` : userActor(principal.userId);
}

export function userActor(userId: string): string {
  return `user:${userId}`;
}
