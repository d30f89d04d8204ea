import { AppError, notFound } from '#libs/errors';
import type { ConnectionStatus } from './connection.js';

export const connectionNotFound = (): AppError => notFound('Connection');

export function disconnected(): AppError {
  return new AppError({
    code: 'connection.disconnected',
    kind: 'conflict',
    message: 'This connection is disconnected and cannot be changed.',
    remedy: 'Create a new connection: it gets an external ID of its own.',
  });
}

export function noRole(): AppError {
  return new AppError({
    code: 'connection.no_role',
    kind: 'conflict',
    message: 'This connection has no role yet.',
    field: 'role_arn',
    remedy: 'Create the role with the kit of this connection, then set role_arn.',
  });
}

export function changedMeanwhile(): AppError {
  return new AppError({
    code: 'connection.changed',
    kind: 'conflict',
    message: 'The connection was changed at the same moment. Read it again and repeat.',
  });
}

export function rotationUnfinished(): AppError {
  return new AppError({
    code: 'connection.rotation_unfinished',
    kind: 'conflict',
    message: 'The role still accepts the external ID that the last rotation replaced.',
    remedy:
      'Take the old external ID out of the trust policy first; the check refuse_wrong_external_id shows what to paste.',
  });
}

export function platformUnknown(): AppError {
  return new AppError({
    code: 'platform.principal_unknown',
    kind: 'unavailable',
    message: 'Sesame does not know yet which AWS identity it runs as, so a trust policy cannot be written.',
    remedy:
      'Start a worker with AWS credentials (SDK default provider chain); it records the identity within seconds.',
    retryAfterMs: 5_000,
  });
}

/** Why a connection gives no credentials for a purpose now. */
export function notUsable(status: ConnectionStatus): AppError {
  return new AppError({
    code: 'connection.not_usable',
    kind: 'unavailable',
    message: `The connection is ${status.replaceAll('_', ' ')}, so its role is not used.`,
    remedy: 'See the checks of the connection for what to mend.',
  });
}

/** The caller holds work for credentials that were since withdrawn: it must claim again. */
export function epochPassed(): AppError {
  return new AppError({
    code: 'connection.epoch_passed',
    kind: 'unavailable',
    message: 'The role of the connection was changed or withdrawn meanwhile.',
  });
}

export function roleNotAssumable(retryAfterMs: number, cause?: unknown): AppError {
  return new AppError({
    code: 'connection.role_not_assumable',
    kind: 'unavailable',
    message: 'AWS STS refuses to let Sesame assume the role of this connection.',
    remedy: 'The checks of the connection run now and show what to mend. Mail stays queued.',
    retryAfterMs,
    cause,
  });
}

export function sessionUnavailable(code: string, retryAfterMs: number, cause?: unknown): AppError {
  return new AppError({
    code: 'connection.session_unavailable',
    kind: 'unavailable',
    message: `AWS STS gave no session (${code}). It is asked again shortly.`,
    retryAfterMs,
    cause,
  });
}
