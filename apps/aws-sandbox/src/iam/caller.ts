import type { Policy } from './policy-document.js';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Whoever signed a request, with everything a policy can ask about. */
export interface Caller {
  readonly type: 'User' | 'AssumedRole';
  readonly accountId: string;
  /** The ARN in error texts and the journal: user ARN or assumed-role ARN. */
  readonly arn: string;
  /** `aws:PrincipalArn`: for a role session the **role** ARN, path included. */
  readonly principalArn: string;
  /** `AIDA…` or `AROA…`: what a trust policy stores instead of the ARN. */
  readonly uniqueId: string;
  /** `aws:userid`: `AIDA…`, or `AROA…:session`. */
  readonly userId: string;
  /** User or role name, as in `ses:caller-identity`. */
  readonly name: string;
  /** Any temporary credentials, GetSessionToken included: they cap the next hop at one hour. */
  readonly isTemporary: boolean;
  readonly tokenIssuedAt: number | null;
  readonly sourceIdentity: string | null;
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly identityPolicies: readonly Policy[];
  /** null = the session carries no session policy. */
  readonly sessionPolicies: readonly Policy[] | null;
}
