import { z } from 'zod';
import { newSecretAccessKey, newUniqueId } from '../ids.js';
import type { User } from '../state/account.js';
import { AdminError } from './admin-error.js';
import type { AdminCall, AdminRoute } from './admin-router.js';
import { parseBody } from './parse-body.js';
import { presentUser } from './present-account.js';
import { parseStoredPolicies, policiesSchema } from './role-routes.js';

const userBody = z
  .strictObject({
    access_key_id: z
      .string()
      .regex(/^AKIA[A-Z0-9]{12,124}$/, 'a long-term access key id begins with AKIA')
      .optional(),
    secret_access_key: z.string().min(1).optional(),
    policies: policiesSchema.optional(),
  })
  .refine((body) => (body.access_key_id === undefined) === (body.secret_access_key === undefined), {
    message: 'access_key_id and secret_access_key come together or not at all',
    path: ['secret_access_key'],
  });

/** Creates a user or edits it; the key pair is made up when none is given, and its secret is answered this once. */
const putUser = ({ world, request, params }: AdminCall): unknown => {
  const body = parseBody(request, userBody);
  const { account: accountId = '', name = '' } = params;
  if (!/^[\w+=,.@-]{1,64}$/.test(name))
    throw new AdminError('a user name has 1 to 64 of A-Z a-z 0-9 + = , . @ _ -', 'name');
  const policies = parseStoredPolicies(body.policies ?? {});
  const account = world.account(accountId);
  const existing = account.users.get(name);
  const owner = body.access_key_id === undefined ? undefined : world.findUserKey(body.access_key_id);
  if (owner !== undefined && owner.user !== existing)
    throw new AdminError('another user owns this access key id', 'access_key_id');
  const key =
    body.access_key_id !== undefined && body.secret_access_key !== undefined
      ? { accessKeyId: body.access_key_id, secretAccessKey: body.secret_access_key }
      : (existing?.accessKeys[0] ?? {
          accessKeyId: newUniqueId('AKIA'),
          secretAccessKey: newSecretAccessKey(),
        });
  const user: User = {
    name,
    path: '/',
    arn: `arn:aws:iam::${accountId}:user/${name}`,
    userId: existing?.userId ?? newUniqueId('AIDA'),
    policies: body.policies === undefined && existing !== undefined ? existing.policies : policies,
    accessKeys: [key],
  };
  world.putUser(account, user);
  world.onChange();
  return { ...presentUser(user), access_key_id: key.accessKeyId, secret_access_key: key.secretAccessKey };
};

const deleteUser = ({ world, params }: AdminCall): unknown => {
  const account = world.accounts.get(params['account'] ?? '');
  if (account === undefined || !world.deleteUser(account, params['name'] ?? ''))
    throw new AdminError('no such user', 'name', 404);
  world.onChange();
  return { deleted: true };
};

export const USER_ROUTES: readonly AdminRoute[] = [
  { on: 'PUT /accounts/{account}/users/{name}', run: putUser },
  { on: 'DELETE /accounts/{account}/users/{name}', run: deleteUser },
];
