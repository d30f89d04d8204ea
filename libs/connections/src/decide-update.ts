import { AppError } from '#libs/errors';
import type { StoredCheck } from './checks.js';
import type { AuditNote, ConnectionChange } from './connection-change.js';
import { disconnected } from './connection-errors.js';
import {
  hasRole,
  provenStatuses,
  sendingStatuses,
  type Connection,
  type ConnectionStatus,
} from './connection.js';
import { decideVerification, roundBegins } from './decide-verification.js';
import type { RoleArn } from './parse-role-arn.js';

export interface ConnectionUpdate {
  name?: string | undefined;
  /** Parsed: parseRoleArn(). */
  role?: RoleArn | undefined;
  /** 900-43 200. */
  sessionDurationSeconds?: number | undefined;
  /** (0, 1]. */
  capacityShare?: number | undefined;
  /** Another connection of the project, known to exist; null takes the consent back. */
  fallbackConnectionId?: string | null | undefined;
  paused?: boolean | undefined;
}

/**
 * What a PATCH means, or undefined when it changes nothing.
 *
 * The same role may be entered by two projects, or twice in one. Refusing it would tell tenant B that tenant A uses
 * the role, and is not needed: each connection has an external ID of its own, and the role's trust policy decides
 * which of them opens it (aws.md B.3.8).
 *
 * @throws AppError `connection.disconnected`, `connection.bad_name`, `connection.bad_session_duration`, `connection.bad_capacity_share`
 */
export function decideUpdate(
  connection: Connection,
  checks: readonly StoredCheck[],
  update: ConnectionUpdate,
  actor: string,
  now: Date,
): ConnectionChange | undefined {
  if (connection.status === 'disconnected') throw disconnected();
  const parts = [
    decideName(connection, update.name, actor),
    decideShare(connection, update.capacityShare, actor),
    decideFallback(connection, update.fallbackConnectionId, actor),
    decideDuration(connection, update.sessionDurationSeconds, actor, now),
    decidePause(connection, checks, update.paused, actor, now),
    // Last, because the state that a new role brings wins.
    decideRole(connection, update.role, actor, now),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return {
    ...Object.assign({}, ...parts),
    set: Object.assign({}, ...parts.map((part) => part.set)) as ConnectionChange['set'],
    audit: parts.flatMap((part): readonly AuditNote[] => part.audit),
  };
}

function decideName(
  connection: Connection,
  name: string | undefined,
  actor: string,
): ConnectionChange | undefined {
  if (name === undefined || name === connection.name) return undefined;
  if (name.trim() === '' || name.length > 200)
    throw invalid('bad_name', 'name', '`name` must have 1 to 200 characters.');
  return { set: { name }, audit: [{ actor, action: 'connection.renamed' }] };
}

function decideShare(
  connection: Connection,
  share: number | undefined,
  actor: string,
): ConnectionChange | undefined {
  if (share === undefined || share === connection.capacityShare) return undefined;
  if (!(share > 0 && share <= 1))
    throw invalid('bad_capacity_share', 'capacity_share', '`capacity_share` must be above 0 and at most 1.');
  const data = { from: connection.capacityShare, to: share };
  return {
    set: { capacityShare: share },
    audit: [{ actor, action: 'connection.capacity_share_changed', data }],
  };
}

function decideFallback(
  connection: Connection,
  fallbackId: string | null | undefined,
  actor: string,
): ConnectionChange | undefined {
  if (fallbackId === undefined || fallbackId === connection.fallbackConnectionId) return undefined;
  if (fallbackId === connection.id)
    throw invalid('bad_fallback', 'fallback_connection_id', 'A connection cannot be its own fallback.');
  const data = { from: connection.fallbackConnectionId, to: fallbackId };
  return {
    set: { fallbackConnectionId: fallbackId },
    audit: [{ actor, action: 'connection.fallback_changed', data }],
  };
}

/** Sending goes on with the sessions there are, while new ones are made and the new duration is checked. */
function decideDuration(
  connection: Connection,
  seconds: number | undefined,
  actor: string,
  now: Date,
): ConnectionChange | undefined {
  if (seconds === undefined || seconds === connection.requestedSessionSeconds) return undefined;
  // STS API reference, AssumeRole, DurationSeconds.
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw invalid(
      'bad_session_duration',
      'session_duration_seconds',
      '`session_duration_seconds` must be a whole number from 900 to 43200.',
    );
  }
  return {
    set: {
      requestedSessionSeconds: seconds,
      grantedSessionSeconds: null,
      sessionReason: null,
      ...(hasRole(connection) && roundBegins(now)),
    },
    ...(hasRole(connection) && { runChecks: true }),
    ...(provenStatuses.includes(connection.status) && { refreshSessions: true }),
    audit: [
      {
        actor,
        action: 'connection.session_duration_changed',
        data: { from: connection.requestedSessionSeconds, to: seconds },
      },
    ],
  };
}

function decidePause(
  connection: Connection,
  checks: readonly StoredCheck[],
  paused: boolean | undefined,
  actor: string,
  now: Date,
): ConnectionChange | undefined {
  if (paused === undefined || paused === connection.isPaused) return undefined;
  if (paused) {
    const status: ConnectionStatus = sendingStatuses.includes(connection.status)
      ? 'paused'
      : connection.status;
    return { set: { isPaused: true, status }, audit: [{ actor, action: 'connection.paused' }] };
  }
  const audit = [{ actor, action: 'connection.resumed' }];
  // Whoever resumes has looked into it: what was held against the connection is no reason to pause it again.
  const forgiven = connection.pausedReason !== null && {
    pausedReason: null,
    reputation: 'good',
    reputationFrom: now,
  };
  if (connection.status !== 'paused') return { set: { isPaused: false, ...forgiven }, audit };
  // `paused` covers only what is proven, so the worst that can lie under it is `degraded`.
  const status = checks.some((check) => check.outcome === 'failed') ? 'degraded' : 'active';
  return { set: { isPaused: false, status, ...forgiven }, wakeLaneAt: now, audit };
}

function decideRole(
  connection: Connection,
  role: RoleArn | undefined,
  actor: string,
  now: Date,
): ConnectionChange | undefined {
  if (role === undefined) return undefined;
  if (role.arn === connection.roleArn) return decideVerification(connection, actor, now);
  return {
    set: {
      roleArn: role.arn,
      awsAccountId: role.accountId,
      sesAccountId: null,
      grantedSessionSeconds: null,
      sessionReason: null,
      status: 'verifying',
      verifiedAt: null,
      ...roundBegins(now),
    },
    withdraw: 'blank',
    checks: 'forget',
    runChecks: true,
    refreshSessions: false,
    audit: [{ actor, action: 'connection.role_changed', data: { from: connection.roleArn, to: role.arn } }],
  };
}

function invalid(code: string, field: string, message: string): AppError {
  return new AppError({ code: `connection.${code}`, kind: 'invalid', message, field });
}
