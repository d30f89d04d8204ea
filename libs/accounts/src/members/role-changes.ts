import { AppError } from '#libs/errors';
import { can, type Role } from '../policy.js';
import type { Principal } from '../principal.js';

/** What a caller counts as where members are concerned; the policy lets no key get there. */
export function roleOf(principal: Principal): Role {
  return principal.role ?? 'viewer';
}

/**
 * Owners are made and unmade by owners only.
 *
 * @param from the member's role now; undefined: not a member yet
 * @param to undefined: removed
 * @throws AppError `members.owners_only`
 */
export function checkRoleChange(by: Role, from: Role | undefined, to: Role | undefined): void {
  if ((from === 'owner' || to === 'owner') && !can(by, 'own'))
    throw new AppError({
      code: 'members.owners_only',
      kind: 'forbidden',
      message: 'Only an owner can make, change or remove an owner.',
      remedy: 'Ask an owner of the organization.',
    });
}
