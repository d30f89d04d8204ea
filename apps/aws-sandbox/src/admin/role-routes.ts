import { z } from 'zod';
import { MalformedPolicy } from '../iam/malformed-policy.js';
import { parsePolicy, type Policy } from '../iam/policy-document.js';
import { newUniqueId } from '../ids.js';
import { namedPolicies, type Role } from '../state/account.js';
import type { World } from '../state/world.js';
import { AdminError } from './admin-error.js';
import type { AdminCall, AdminRoute } from './admin-router.js';
import { parseBody } from './parse-body.js';
import { presentRole } from './present-account.js';

const NAME = /^[\w+=,.@-]{1,64}$/;
// IAM's default quotas, both counted without white space.
const TRUST_POLICY_MAX = 2048;
const INLINE_POLICIES_MAX = 10_240;

const document = z.union([z.string(), z.record(z.string(), z.unknown())]);
export const policiesSchema = z.record(z.string().min(1), document);

const roleBody = z.strictObject({
  trust_policy: document,
  policies: policiesSchema.default({}),
  max_session_duration: z.int().min(3600).max(43_200).default(3600),
  path: z
    .string()
    .regex(/^\/(?:[\u0021-\u007e]+\/)?$/, 'a path begins and ends with a slash')
    .default('/'),
  effective_in_seconds: z.number().min(0).optional(),
});

const deleteBody = z.strictObject({ effective_in_seconds: z.number().min(0).optional() });

const size = (value: unknown): number =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s/g, '').length;

/** Parses a policy for storing. Throws AdminError with IAM's reason. */
export const parseStoredPolicy = (
  input: unknown,
  kind: 'identity' | 'trust',
  field: string,
  resolve?: (arn: string) => string | null,
): Policy => {
  try {
    return parsePolicy(input, kind, resolve);
  } catch (error) {
    if (error instanceof MalformedPolicy)
      throw new AdminError(`MalformedPolicyDocument: ${error.message}`, field);
    throw error;
  }
};

export const parseStoredPolicies = (
  policies: Readonly<Record<string, unknown>>,
): ReturnType<typeof namedPolicies> => {
  const total = Object.values(policies).reduce<number>((sum, policy) => sum + size(policy), 0);
  if (total > INLINE_POLICIES_MAX)
    throw new AdminError(
      `LimitExceeded: Maximum policy size of ${INLINE_POLICIES_MAX} bytes exceeded`,
      'policies',
    );
  return namedPolicies(
    Object.entries(policies).map(
      ([name, policy]) => [name, parseStoredPolicy(policy, 'identity', `policies.${name}`)] as const,
    ),
  );
};

const effectiveAt = (world: World, seconds: number | undefined): number =>
  world.clock.now() + (seconds ?? world.settings.propagation_seconds) * 1000;

/** Roles keep their id through edits; deleting and creating again gives another one, which breaks who trusted it. */
const putRole = ({ world, request, params }: AdminCall): unknown => {
  const body = parseBody(request, roleBody);
  const { account: accountId = '', name = '' } = params;
  if (!NAME.test(name)) throw new AdminError('a role name has 1 to 64 of A-Z a-z 0-9 + = , . @ _ -', 'name');
  if (size(body.trust_policy) > TRUST_POLICY_MAX)
    throw new AdminError(
      `LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_MAX}`,
      'trust_policy',
    );
  const resolvedPrincipals: Record<string, string> = {};
  const trustPolicy = parseStoredPolicy(body.trust_policy, 'trust', 'trust_policy', (arn) => {
    const id = world.findUniqueId(arn);
    if (id !== null) resolvedPrincipals[arn] = id;
    return id;
  });
  const policies = parseStoredPolicies(body.policies);
  const slot = world.roleSlot(world.account(accountId), name);
  const existing = slot.latest();
  if (existing !== null && existing.path !== body.path)
    throw new AdminError('the path of a role cannot change: delete the role first', 'path');
  const role: Role = {
    name,
    path: body.path,
    arn: `arn:aws:iam::${accountId}:role${body.path}${name}`,
    roleId: existing?.roleId ?? newUniqueId('AROA'),
    maxSessionDuration: body.max_session_duration,
    trustPolicy,
    resolvedPrincipals,
    policies,
    createdAt: existing?.createdAt ?? world.clock.now(),
  };
  slot.write(role, effectiveAt(world, body.effective_in_seconds));
  world.onChange();
  return presentRole(world, role, slot.effectiveAt());
};

const deleteRole = ({ world, request, params }: AdminCall): unknown => {
  const { effective_in_seconds: seconds } = parseBody(request, deleteBody);
  const slot = world.accounts.get(params['account'] ?? '')?.roles.get(params['name'] ?? '');
  if (slot === undefined || slot.latest() === null) throw new AdminError('no such role', 'name', 404);
  slot.write(null, effectiveAt(world, seconds));
  world.onChange();
  return { deleted: true };
};

const getRole = ({ world, params }: AdminCall): unknown => {
  const slot = world.accounts.get(params['account'] ?? '')?.roles.get(params['name'] ?? '');
  const role = slot?.latest();
  if (slot === undefined || role === null || role === undefined)
    throw new AdminError('no such role', 'name', 404);
  return presentRole(world, role, slot.effectiveAt());
};

export const ROLE_ROUTES: readonly AdminRoute[] = [
  { on: 'PUT /accounts/{account}/roles/{name}', run: putRole },
  { on: 'GET /accounts/{account}/roles/{name}', run: getRole },
  { on: 'DELETE /accounts/{account}/roles/{name}', run: deleteRole },
];
