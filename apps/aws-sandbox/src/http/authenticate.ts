import type { Caller } from '../iam/caller.js';
import { verifySignature, type KnownKey } from '../sigv4/verify-signature.js';
import type { Protocol } from '../sigv4/auth-failure.js';
import { unknownToken } from '../sigv4/auth-failure.js';
import type { AccessKey, User } from '../state/account.js';
import type { Session } from '../state/session.js';
import type { World } from '../state/world.js';
import type { RawRequest } from './request.js';

interface SignerKey extends KnownKey {
  /** null = a user's long-term key; the user is looked up at every call, as its policies may have changed. */
  readonly session: Session | null;
}

export interface AuthenticateOptions {
  readonly protocol: Protocol;
  readonly service: string;
  readonly isRegion: (region: string) => boolean;
}

const userCaller = (accountId: string, user: User, session: Session | null): Caller => ({
  type: 'User',
  accountId,
  arn: user.arn,
  principalArn: user.arn,
  uniqueId: user.userId,
  userId: user.userId,
  name: user.name,
  isTemporary: session !== null,
  tokenIssuedAt: session?.issuedAt ?? null,
  sourceIdentity: null,
  tags: [],
  transitiveTagKeys: [],
  identityPolicies: user.policies.list,
  sessionPolicies: null,
});

/** A session lives only as long as its role or user does: a re-created one has another unique id. */
const sessionCaller = (world: World, session: Session): Caller => {
  const { owner, accountId } = session;
  if (owner.kind === 'user') {
    const user = world.accounts.get(accountId)?.users.get(owner.name);
    if (user?.userId !== owner.userId) throw unknownToken();
    return userCaller(accountId, user, session);
  }
  const role = world.currentRole(accountId, owner.name);
  if (role?.roleId !== owner.roleId) throw unknownToken();
  return {
    type: 'AssumedRole',
    accountId,
    // The role's path is dropped here, and only here.
    arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${owner.sessionName}`,
    principalArn: role.arn,
    uniqueId: role.roleId,
    userId: `${role.roleId}:${owner.sessionName}`,
    name: role.name,
    isTemporary: true,
    tokenIssuedAt: session.issuedAt,
    sourceIdentity: session.sourceIdentity,
    tags: session.tags,
    transitiveTagKeys: session.transitiveTagKeys,
    identityPolicies: role.policies.list,
    sessionPolicies: session.sessionPolicies,
  };
};

// Signing keys are cached by object identity, so the wrapper of a key has to be the same object every time.
const signerKeys = new WeakMap<AccessKey | Session, SignerKey>();

const toSignerKey = (world: World, accessKeyId: string): SignerKey | undefined => {
  const session = world.sessions.get(accessKeyId) ?? null;
  const identity = session ?? world.findUserKey(accessKeyId)?.key;
  if (identity === undefined) return undefined;
  let key = signerKeys.get(identity);
  if (key === undefined) {
    const { secretAccessKey } = identity;
    key = {
      secretAccessKey,
      sessionToken: session?.sessionToken ?? null,
      expiresAt: session?.expiresAt ?? null,
      session,
    };
    signerKeys.set(identity, key);
  }
  return key;
};

/** Who sent this request, and to which region it was signed. Throws AuthFailure. */
export const authenticate = (
  world: World,
  request: RawRequest,
  options: AuthenticateOptions,
): { caller: Caller; region: string } => {
  const { key, accessKeyId, region } = verifySignature(request, {
    ...options,
    now: world.clock.now(),
    windowMs: world.settings.signature_window_seconds * 1000,
    findKey: (id) => toSignerKey(world, id),
  });
  if (key.session !== null) return { caller: sessionCaller(world, key.session), region };
  const owner = world.findUserKey(accessKeyId);
  if (owner === undefined) throw unknownToken();
  return { caller: userCaller(owner.account.accountId, owner.user, null), region };
};
