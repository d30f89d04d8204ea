import type { Caller } from './caller.js';
import type { Policy } from './policy-document.js';
import { matchPrincipals, matchServicePrincipal, type Principal, type PrincipalMatch } from './principals.js';
import type { Statement } from './policy-statement.js';
import type { RequestContext } from './request-context.js';

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
}

export type Verdict = 'explicit_deny' | 'allow' | 'no_match';

export type PolicyType = 'identity-based' | 'session' | 'resource-based';

/** Why a request may not go ahead: a deny statement, or no allow where one is needed. */
export type Decision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly policyType: PolicyType; readonly isExplicit: boolean };

const ALLOWED: Decision = { isAllowed: true };
const refused = (policyType: PolicyType, isExplicit: boolean): Decision => ({
  isAllowed: false,
  policyType,
  isExplicit,
});

const applies = (statement: Statement, request: AccessRequest): boolean =>
  statement.matchesAction(request.action) &&
  statement.matchesResource(request.resource, request.context) &&
  statement.conditions.every((condition) => condition(request.context));

/** Deny beats allow, whatever the order and whichever policy it stands in. */
export const evaluatePolicies = (policies: readonly Policy[], request: AccessRequest): Verdict => {
  let verdict: Verdict = 'no_match';
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny') return 'explicit_deny';
      verdict = 'allow';
    }
  }
  return verdict;
};

/** What the caller's own side says: identity policies ∩ session policies. */
export const authorizeCaller = (caller: Caller, request: AccessRequest): Decision => {
  const identity = evaluatePolicies(caller.identityPolicies, request);
  if (identity === 'explicit_deny') return refused('identity-based', true);
  const session =
    caller.sessionPolicies === null ? 'allow' : evaluatePolicies(caller.sessionPolicies, request);
  if (session === 'explicit_deny') return refused('session', true);
  if (identity === 'no_match') return refused('identity-based', false);
  return session === 'no_match' ? refused('session', false) : ALLOWED;
};

/** A trust or resource policy, for whoever `matchOf` finds among its principals. */
const evaluatePrincipals = (
  policy: Policy,
  matchOf: (principals: readonly Principal[]) => PrincipalMatch,
  request: AccessRequest,
): { verdict: Verdict; isDirect: boolean } => {
  let verdict: Verdict = 'no_match';
  let isDirect = false;
  for (const statement of policy.statements) {
    const match =
      statement.principals !== null
        ? matchOf(statement.principals)
        : matchOf(statement.notPrincipals ?? []) === 'none'
          ? 'direct'
          : 'none';
    if (match === 'none' || !applies(statement, request)) continue;
    if (statement.effect === 'Deny') return { verdict: 'explicit_deny', isDirect: false };
    verdict = 'allow';
    isDirect ||= match === 'direct';
  }
  return { verdict, isDirect };
};

/**
 * A role opens when its trust policy allows the caller **and** the caller's own policies do. Only inside one
 * account, and only when the trust policy names the caller itself, is the trust policy enough.
 */
export const authorizeAssumeRole = (
  trust: Policy,
  roleAccountId: string,
  caller: Caller,
  request: AccessRequest,
): Decision => {
  const own = authorizeCaller(caller, request);
  if (!own.isAllowed && own.isExplicit) return own;
  const { verdict, isDirect } = evaluatePrincipals(
    trust,
    (principals) => matchPrincipals(principals, caller),
    request,
  );
  if (verdict === 'explicit_deny') return refused('resource-based', true);
  if (verdict === 'no_match') return refused('resource-based', false);
  if (own.isAllowed) return ALLOWED;
  const isSameAccount = roleAccountId === caller.accountId;
  return isSameAccount && isDirect && own.policyType === 'identity-based' && sessionAllows(caller, request)
    ? ALLOWED
    : own;
};

const sessionAllows = (caller: Caller, request: AccessRequest): boolean =>
  caller.sessionPolicies === null || evaluatePolicies(caller.sessionPolicies, request) === 'allow';

/**
 * Access to a resource that has a policy of its own (topic, queue). Inside one account either side is enough, if the
 * resource's policy names the caller itself; across accounts both have to allow.
 */
export const authorizeResource = (
  policy: Policy | null,
  ownerAccountId: string,
  caller: Caller,
  request: AccessRequest,
): Decision => {
  const own = authorizeCaller(caller, request);
  if (!own.isAllowed && own.isExplicit) return own;
  const { verdict, isDirect } =
    policy === null
      ? { verdict: 'no_match', isDirect: false }
      : evaluatePrincipals(policy, (principals) => matchPrincipals(principals, caller), request);
  if (verdict === 'explicit_deny') return refused('resource-based', true);
  if (ownerAccountId !== caller.accountId) {
    if (!own.isAllowed) return own;
    return verdict === 'allow' ? ALLOWED : refused('resource-based', false);
  }
  if (own.isAllowed) return ALLOWED;
  return verdict === 'allow' && isDirect && sessionAllows(caller, request) ? ALLOWED : own;
};

/** A service of AWS (`ses.amazonaws.com`, …) at a resource or role: nothing but that policy decides. */
export const authorizeService = (policy: Policy | null, service: string, request: AccessRequest): boolean =>
  policy !== null &&
  evaluatePrincipals(policy, (principals) => matchServicePrincipal(principals, service), request).verdict ===
    'allow';
