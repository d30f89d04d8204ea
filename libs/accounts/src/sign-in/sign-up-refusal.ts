import type { Config } from '#libs/config';

/**
 * Why somebody may not make an account with a password.
 *
 * @param hasInvitation whether an invitation was named
 * @param isInvited whether it is valid and for this address
 */
export function signUpRefusal(
  mode: Config['accounts']['signUp'],
  hasInvitation: boolean,
  isInvited: boolean,
): string | undefined {
  if (mode === 'closed') return 'Accounts are made by the operator of this installation.';
  if (hasInvitation && !isInvited)
    return 'The invitation is not valid (any more), or it is for another address: ask for a new one.';
  if (mode === 'invited' && !isInvited) return 'An invitation is needed: ask a member of your organization.';
  return undefined;
}
