import { AwsError } from '../aws-error.js';
import type { CallContext } from '../http/service.js';
import { callerContext } from '../iam/caller-context.js';
import type { Caller, Tag } from '../iam/caller.js';
import { authorizeAssumeRole, type Decision } from '../iam/evaluate.js';
import { newSecretAccessKey, newSessionToken, newUniqueId } from '../ids.js';
import type { Role } from '../state/account.js';
import type { Session } from '../state/session.js';
import type { AssumeRoleParameters } from './assume-role-parameters.js';
import { packedPolicySize, readSessionPolicies } from './session-policies.js';
import type { XmlValue } from './xml.js';

const CHAINED_MAX_SECONDS = 3600;

const accessDenied = (
  caller: Caller,
  action: string,
  resource: string,
  decision: Decision | null,
): AwsError => {
  const denied = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  // Only an explicit deny is named. "No such role", "not trusted" and "wrong external id" read the same.
  if (decision === null || decision.isAllowed || !decision.isExplicit)
    return new AwsError('AccessDenied', 403, denied);
  const article = decision.policyType === 'identity-based' ? 'an' : 'a';
  return new AwsError(
    'AccessDenied',
    403,
    `${denied} with an explicit deny in ${article} ${decision.policyType} policy`,
  );
};

/** Tags of the calling session that stick, plus the ones asked for. */
const effectiveTags = (
  caller: Caller,
  parameters: AssumeRoleParameters,
): { tags: Tag[]; transitiveTagKeys: string[] } => {
  const inheritedKeys = new Set(caller.transitiveTagKeys.map((key) => key.toLowerCase()));
  if (parameters.transitiveTagKeys.some((key) => inheritedKeys.has(key.toLowerCase()))) {
    throw new AwsError(
      'InvalidParameterValue',
      400,
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const inherited = caller.tags.filter((tag) => inheritedKeys.has(tag.Key.toLowerCase()));
  const own = parameters.tags.filter((tag) => !inheritedKeys.has(tag.Key.toLowerCase()));
  return {
    tags: [...inherited, ...own],
    transitiveTagKeys: [...caller.transitiveTagKeys, ...parameters.transitiveTagKeys],
  };
};

const checkDuration = (caller: Caller, role: Role, seconds: number): void => {
  if (caller.isTemporary && seconds > CHAINED_MAX_SECONDS) {
    throw new AwsError(
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (seconds > role.maxSessionDuration) {
    throw new AwsError(
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
};

/** Checks AssumeRole and, where tags or a source identity come along, the two actions they need of their own. */
const authorize = (
  context: CallContext,
  role: Role | null,
  parameters: AssumeRoleParameters,
  tags: readonly Tag[],
  sourceIdentity: string | null,
): Role => {
  const { caller, request, region, now, world } = context;
  const keys = callerContext(caller, request, region, now, world.settings)
    .set('aws:ResourceAccount', parameters.roleAccountId)
    .set('sts:ExternalId', parameters.externalId ?? undefined)
    .set('sts:RoleSessionName', parameters.roleSessionName)
    .set('sts:SourceIdentity', sourceIdentity ?? undefined)
    .set(
      'sts:TransitiveTagKeys',
      parameters.transitiveTagKeys.length > 0 ? parameters.transitiveTagKeys : undefined,
    )
    .set('aws:TagKeys', tags.length > 0 ? tags.map((tag) => tag.Key) : undefined);
  for (const tag of tags) keys.set(`aws:RequestTag/${tag.Key}`, tag.Value);

  const actions = [
    'sts:AssumeRole',
    ...(tags.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === null ? [] : ['sts:SetSourceIdentity']),
  ];
  if (role === null) throw accessDenied(caller, 'sts:AssumeRole', parameters.roleArn, null);
  for (const action of actions) {
    // The authorisation reference knows sts:ExternalId for AssumeRole only, not for its two companions.
    const actionKeys = action === 'sts:AssumeRole' ? keys : keys.without('sts:ExternalId');
    const decision = authorizeAssumeRole(role.trustPolicy, parameters.roleAccountId, caller, {
      action,
      resource: parameters.roleArn,
      context: actionKeys,
    });
    if (!decision.isAllowed) throw accessDenied(caller, action, parameters.roleArn, decision);
  }
  return role;
};

/** AssumeRole: trust policy ∩ caller's policies, then lifetime limits, then a session that dies by itself. */
export const assumeRole = (context: CallContext, parameters: AssumeRoleParameters): XmlValue => {
  const { caller, world, now } = context;
  const sessionPolicies = readSessionPolicies(parameters.policy, parameters.policyArns);
  const { tags, transitiveTagKeys } = effectiveTags(caller, parameters);
  const sourceIdentity = caller.sourceIdentity ?? parameters.sourceIdentity;
  const found = world.currentRole(parameters.roleAccountId, parameters.roleName);
  // The path is part of the ARN, although the name alone is unique.
  const role = authorize(
    context,
    found?.arn === parameters.roleArn ? found : null,
    parameters,
    tags,
    sourceIdentity,
  );
  checkDuration(caller, role, parameters.durationSeconds);
  const packedSize = packedPolicySize(parameters.policy, parameters.policyArns, tags);

  const session: Session = {
    accessKeyId: newUniqueId('ASIA'),
    secretAccessKey: newSecretAccessKey(),
    sessionToken: newSessionToken(),
    issuedAt: now,
    // Expiration has no milliseconds on the wire.
    expiresAt: Math.floor(now / 1000) * 1000 + parameters.durationSeconds * 1000,
    accountId: parameters.roleAccountId,
    owner: { kind: 'role', name: role.name, roleId: role.roleId, sessionName: parameters.roleSessionName },
    sessionPolicies,
    tags,
    transitiveTagKeys,
    sourceIdentity,
  };
  world.addSession(session);
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${parameters.roleSessionName}`,
      Arn: `arn:aws:sts::${parameters.roleAccountId}:assumed-role/${role.name}/${parameters.roleSessionName}`,
    },
    Credentials: credentials(session),
    PackedPolicySize: packedSize,
    SourceIdentity: sourceIdentity ?? undefined,
  };
};

export const credentials = (session: Session): XmlValue => ({
  AccessKeyId: session.accessKeyId,
  SecretAccessKey: session.secretAccessKey,
  SessionToken: session.sessionToken,
  Expiration: new Date(session.expiresAt).toISOString().replace('.000Z', 'Z'),
});
