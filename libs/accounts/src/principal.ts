export const permissions = ['full_access', 'sending_access'] as const;
export type Permission = (typeof permissions)[number];

/** Who calls, as an API key tells. */
export interface Principal {
  keyId: string;
  organizationId: string;
  /** Undefined: an organization key, which manages and does not send. */
  projectId: string | undefined;
  permission: Permission;
  /** The only From domain that a sending_access key may be bound to. */
  domain: string | undefined;
}

/** The actor as audit entries name it. */
export function actorOf(principal: Principal): string {
  return `key:${principal.keyId}`;
}
