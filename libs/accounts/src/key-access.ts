import { AppError, notFound } from '#libs/errors';
import {
  leastRoleFor,
  may,
  takesOrganizationKeys,
  takesProjectKeys,
  type Access,
  type RoleAccess,
} from './policy.js';
import type { KeyPrincipal } from './principal.js';

/**
 * Holds an API key against the policy.
 *
 * @throws AppError `auth.restricted`; not_found for a project's key at its organization
 */
export function checkKeyAccess(key: KeyPrincipal, access: Exclude<Access, 'public'>, method: string): void {
  if (access === 'user') throw restricted('This is about a person and not about a key: sign in.');
  if (key.projectId === undefined) checkOrganizationKey(key, access, method);
  else {
    if (access !== 'send' && key.permission === 'sending_access')
      throw restricted('This API key is restricted to only send emails');
    // As if there were none: its organization is nothing that a project's key reaches.
    if (!takesProjectKeys(access)) throw notFound('Organization');
  }
}

function checkOrganizationKey({ role }: KeyPrincipal, access: RoleAccess, method: string): void {
  if (access === 'send' || access === 'project')
    throw restricted('This API key manages an organization: use a key of the project.');
  if (!takesOrganizationKeys(access, method))
    throw restricted(
      'No API key may do this: an owner or admin of the organization does it, signed in.',
      'Sign in to the dashboard.',
    );
  if (role === undefined || !may(role, access, method))
    throw restricted(
      `The role of this organization key is ${role ?? 'none'}; this needs ${leastRoleFor(access, method)}.`,
      'Use a key with that role. Owners and admins of the organization make it; a key may never do more than who made it.',
    );
}

function restricted(message: string, remedy?: string): AppError {
  return new AppError({
    code: 'auth.restricted',
    kind: 'restricted',
    message,
    ...(remedy !== undefined && { remedy }),
  });
}
