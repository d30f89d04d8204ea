import { AwsError } from '../aws-error.js';
import type { CallContext } from '../http/service.js';
import { newSecretAccessKey, newSessionToken, newUniqueId } from '../ids.js';
import type { Session } from '../state/session.js';
import { credentials } from './assume-role.js';
import { Constraints } from './constraints.js';
import type { XmlValue } from './xml.js';

/** Temporary credentials of a user. They count as role chaining for the next AssumeRole. */
export const getSessionToken = (context: CallContext, parameters: URLSearchParams): XmlValue => {
  const { caller, world, now } = context;
  const check = new Constraints();
  const seconds = check.integer(parameters.get('DurationSeconds'), 'durationSeconds', 900, 129_600) ?? 43_200;
  check.throwIfAny();
  if (caller.isTemporary)
    throw new AwsError('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials');
  const session: Session = {
    accessKeyId: newUniqueId('ASIA'),
    secretAccessKey: newSecretAccessKey(),
    sessionToken: newSessionToken(),
    issuedAt: now,
    expiresAt: Math.floor(now / 1000) * 1000 + seconds * 1000,
    accountId: caller.accountId,
    owner: { kind: 'user', name: caller.name, userId: caller.uniqueId },
    sessionPolicies: null,
    tags: [],
    transitiveTagKeys: [],
    sourceIdentity: null,
  };
  world.addSession(session);
  return { Credentials: credentials(session) };
};
