import type { SesIdentityState } from '#libs/aws';
import { searchMs } from '../decide-status.js';
import type { Ownership } from '../domain.js';

/** The tag that says for which domain of ours an identity was made. */
export const domainTag = 'sesame:domain';

export type IdentityStep = 'create' | 'set_mail_from' | 'restart_dkim';

/** @param isOwnedByAnother whether another domain of ours that exists owns the identity */
export function decideOwnership(
  domainId: string,
  known: Ownership | null,
  { tags }: Pick<SesIdentityState, 'tags'>,
  isOwnedByAnother: boolean,
): Ownership {
  if (known !== null) return known;
  const madeFor = tags[domainTag];
  // Made by us for a domain that is gone by now: this one inherits it.
  return madeFor === domainId || (madeFor !== undefined && !isOwnedByAnother) ? 'created' : 'adopted';
}

/**
 * What to do in SES so that the identity is as the domain wants it. An adopted identity is the customer's: nothing.
 *
 * @param identity undefined: SES has none. Then it is made, but only while records are waited for: whoever took it out
 *   of SES afterwards had a reason
 * @param elapsedMs since records are waited for
 */
export function identitySteps(
  identity: SesIdentityState | undefined,
  ownership: Ownership | null,
  mailFrom: string,
  elapsedMs: number,
): IdentityStep[] {
  const isSearching = elapsedMs < searchMs;
  if (identity === undefined) return isSearching ? ['create'] : [];
  if (ownership !== 'created') return [];
  const steps: IdentityStep[] = [];
  // SES gives up a search by itself and begins a new one only when it is told again.
  if (identity.mailFrom?.domain !== mailFrom || (identity.mailFrom.status === 'FAILED' && isSearching))
    steps.push('set_mail_from');
  if (identity.dkim.isEasy && identity.dkim.status === 'FAILED' && isSearching) steps.push('restart_dkim');
  return steps;
}
