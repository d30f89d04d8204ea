import { compileCondition, type Condition } from './conditions.js';
import { MalformedPolicy } from './malformed-policy.js';
import { compilePattern, type Matches } from './pattern.js';
import { parsePrincipals, type Principal, type ResolvePrincipal } from './principals.js';
import { RequestContext } from './request-context.js';

/** `resource` = the policy of a topic or queue. */
export type PolicyKind = 'identity' | 'trust' | 'session' | 'resource';

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly matchesAction: (action: string) => boolean;
  readonly matchesResource: Matches;
  readonly principals: readonly Principal[] | null;
  readonly notPrincipals: readonly Principal[] | null;
  readonly conditions: readonly Condition[];
}

const KEYS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

const syntax = (): MalformedPolicy => new MalformedPolicy('Syntax errors in policy.');

const strings = (value: unknown): string[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === 'string')) throw syntax();
  return list as string[];
};

/** Condition values may be written as JSON booleans and numbers too. */
const conditionValues = (value: unknown): string[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item === 'string' || typeof item === 'boolean' || typeof item === 'number')
      return String(item);
    throw syntax();
  });
};

const exactlyOne = (
  statement: Record<string, unknown>,
  key: string,
  notKey: string,
): { negated: boolean; value: unknown } => {
  const has = statement[key] !== undefined;
  const hasNot = statement[notKey] !== undefined;
  if (has && hasNot) throw syntax();
  if (!has && !hasNot) throw new MalformedPolicy(`Missing required field ${key}`);
  return { negated: hasNot, value: has ? statement[key] : statement[notKey] };
};

const parseActions = (
  statement: Record<string, unknown>,
  kind: PolicyKind,
): ((action: string) => boolean) => {
  const { negated, value } = exactlyOne(statement, 'Action', 'NotAction');
  const actions = strings(value);
  if (actions.length === 0) throw new MalformedPolicy('Policy statement must contain actions.');
  for (const action of actions) {
    if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      throw new MalformedPolicy(
        action.includes(':')
          ? `Action ${action} is not valid.`
          : 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
      );
    }
    if (kind === 'trust' && action !== '*' && !/^sts:/i.test(action)) {
      throw new MalformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
  const matchers = actions.map((action) =>
    compilePattern(action, { wildcards: true, variables: false, ignoreCase: true }),
  );
  return (action) => matchers.some((matches) => matches(action, NO_CONTEXT)) !== negated;
};

// Action patterns hold no variables, so the context is never looked at.
const NO_CONTEXT = new RequestContext();

/** Variables work only after the fifth colon of an ARN; one in the region or account part matches nothing. */
const compileResource = (resource: string, variables: boolean): Matches => {
  const beforeResource = resource.split('${', 1)[0] ?? '';
  if (variables && beforeResource !== resource && beforeResource.split(':').length < 6) return () => false;
  return compilePattern(resource, { wildcards: true, variables });
};

const parseResources = (
  statement: Record<string, unknown>,
  kind: PolicyKind,
  variables: boolean,
): Matches => {
  if (kind === 'trust') {
    for (const key of ['Resource', 'NotResource']) {
      if (statement[key] !== undefined) throw new MalformedPolicy(`Has prohibited field ${key}`);
    }
    return () => true;
  }
  const { negated, value } = exactlyOne(statement, 'Resource', 'NotResource');
  const resources = strings(value);
  if (resources.length === 0) throw new MalformedPolicy('Policy statement must contain resources.');
  for (const resource of resources) {
    if (
      resource !== '*' &&
      !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/s.test(resource.replace(/\$\{[^}]*\}/g, 'v'))
    ) {
      throw new MalformedPolicy(`Resource ${resource} must be in ARN format or "*".`);
    }
  }
  const matchers = resources.map((resource) => compileResource(resource, variables));
  return (resource, context) => matchers.some((matches) => matches(resource, context)) !== negated;
};

const parseConditions = (element: unknown, variables: boolean): Condition[] => {
  if (element === undefined) return [];
  if (typeof element !== 'object' || element === null || Array.isArray(element)) throw syntax();
  const conditions: Condition[] = [];
  for (const [operator, keys] of Object.entries(element)) {
    if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) throw syntax();
    for (const [key, value] of Object.entries(keys)) {
      if (!key.includes(':'))
        throw new MalformedPolicy(
          'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
        );
      conditions.push(compileCondition(operator, key, conditionValues(value), variables));
    }
  }
  return conditions;
};

/** Parses one statement with the rules of its kind: a trust policy has principals and no resources, a resource policy both, the others no principals. */
export const parseStatement = (
  statement: Record<string, unknown>,
  kind: PolicyKind,
  variables: boolean,
  resolve: ResolvePrincipal,
): Statement => {
  for (const key of Object.keys(statement)) if (!KEYS.has(key)) throw syntax();
  const sid = statement['Sid'];
  if (sid !== undefined && typeof sid !== 'string') throw syntax();
  const effect = statement['Effect'];
  if (effect === undefined) throw new MalformedPolicy('Missing required field Effect');
  if (effect !== 'Allow' && effect !== 'Deny') throw new MalformedPolicy(`Invalid effect: ${String(effect)}`);
  const principal = statement['Principal'];
  const notPrincipal = statement['NotPrincipal'];
  if (kind === 'trust' || kind === 'resource') {
    if (principal === undefined && notPrincipal === undefined)
      throw new MalformedPolicy('Missing required field Principal');
    if (principal !== undefined && notPrincipal !== undefined) throw syntax();
    if (notPrincipal !== undefined && effect === 'Allow')
      throw new MalformedPolicy('Allow with NotPrincipal is not allowed.');
  } else if (principal !== undefined || notPrincipal !== undefined) {
    throw new MalformedPolicy('Policy document should not specify a principal.');
  }
  return {
    sid,
    effect,
    matchesAction: parseActions(statement, kind),
    matchesResource: parseResources(statement, kind, variables),
    principals: principal === undefined ? null : parsePrincipals(principal, resolve),
    notPrincipals: notPrincipal === undefined ? null : parsePrincipals(notPrincipal, resolve),
    conditions: parseConditions(statement['Condition'], variables),
  };
};
