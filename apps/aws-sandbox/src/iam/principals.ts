import type { Caller } from './caller.js';
import { MalformedPolicy } from './malformed-policy.js';

/** One principal of a trust or resource policy, after IAM has replaced user and role ARNs by unique ids. */
export type Principal =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'identity'; readonly uniqueId: string }
  | { readonly kind: 'session'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'other' };

/** Gives the unique id of a user or role ARN at the moment a policy is saved; null = does not exist. */
export type ResolvePrincipal = (arn: string) => string | null;

/** `direct` names the caller itself; `delegated` only its account, whose own policies then decide. */
export type PrincipalMatch = 'none' | 'delegated' | 'direct';

const ACCOUNT = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/;
const IDENTITY = /^arn:aws:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]+$/;
const SESSION = /^arn:aws:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/;

const invalid = (type: string, value: string): MalformedPolicy =>
  new MalformedPolicy(`Invalid principal in policy: "${type}":"${value}"`);

const parseAwsPrincipal = (value: string, resolve: ResolvePrincipal): Principal => {
  if (value === '*') return { kind: 'everyone' };
  const account = ACCOUNT.exec(value)?.[1];
  if (account !== undefined && (value === account || value.endsWith(':root')))
    return { kind: 'account', accountId: account };
  if (SESSION.test(value)) return { kind: 'session', arn: value };
  const uniqueId = IDENTITY.test(value) ? resolve(value) : null;
  if (uniqueId === null) throw invalid('AWS', value);
  return { kind: 'identity', uniqueId };
};

const strings = (value: unknown): string[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((item) => typeof item === 'string'))
    throw new MalformedPolicy('Syntax errors in policy.');
  return list as string[];
};

/** Parses a `Principal` or `NotPrincipal` element. Federated principals never match here. */
export const parsePrincipals = (element: unknown, resolve: ResolvePrincipal): Principal[] => {
  if (element === '*') return [{ kind: 'everyone' }];
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    throw new MalformedPolicy(
      typeof element === 'string' ? `Invalid principal in policy: "${element}"` : 'Syntax errors in policy.',
    );
  }
  const principals: Principal[] = [];
  for (const [type, value] of Object.entries(element)) {
    if (type === 'AWS') for (const name of strings(value)) principals.push(parseAwsPrincipal(name, resolve));
    else if (type === 'Service' || type === 'Federated' || type === 'CanonicalUser') {
      for (const name of strings(value))
        principals.push(
          type !== 'Service'
            ? { kind: 'other' }
            : name === '*'
              ? { kind: 'everyone' }
              : { kind: 'service', name },
        );
    } else throw invalid(type, String(value));
  }
  if (principals.length === 0) throw new MalformedPolicy('Missing required field Principal');
  return principals;
};

export const matchPrincipals = (principals: readonly Principal[], caller: Caller): PrincipalMatch => {
  let best: PrincipalMatch = 'none';
  for (const principal of principals) {
    switch (principal.kind) {
      case 'everyone':
        return 'direct';
      case 'identity':
        if (principal.uniqueId === caller.uniqueId) return 'direct';
        break;
      case 'session':
        if (principal.arn === caller.arn) return 'direct';
        break;
      case 'account':
        if (principal.accountId === caller.accountId) best = 'delegated';
        break;
      case 'service':
      case 'other':
        break;
    }
  }
  return best;
};

/** Whether a service of AWS is named, as `ses.amazonaws.com` or as everyone. */
export const matchServicePrincipal = (principals: readonly Principal[], service: string): PrincipalMatch =>
  principals.some(
    (principal) =>
      principal.kind === 'everyone' || (principal.kind === 'service' && principal.name === service),
  )
    ? 'direct'
    : 'none';
