import type { Tag } from '../iam/caller.js';
import type { Policy } from '../iam/policy-document.js';
import type { KnownKey } from '../sigv4/verify-signature.js';

/** Temporary credentials that STS issued. Policies are not copied from the role: they are looked up at every call. */
export interface Session extends KnownKey {
  readonly accessKeyId: string;
  readonly sessionToken: string;
  readonly expiresAt: number;
  readonly issuedAt: number;
  readonly accountId: string;
  /** Whose session: a role's (AssumeRole) or a user's (GetSessionToken). */
  readonly owner:
    | { readonly kind: 'role'; readonly name: string; readonly roleId: string; readonly sessionName: string }
    | { readonly kind: 'user'; readonly name: string; readonly userId: string };
  readonly sessionPolicies: readonly Policy[] | null;
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | null;
}
