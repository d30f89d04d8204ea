import type { Paste, StoredCheck } from './checks.js';
import type { ConnectionView } from './connection-row.repository.js';
import type { Connection, SessionReason } from './connection.js';

/** A connection on the wire (contract.md). */
export interface ConnectionObject {
  object: 'connection';
  id: string;
  project_id: string;
  name: string;
  region: string;
  status: Connection['status'];
  /** One sentence on why the status is what it is; null when all is well. */
  status_reason: string | null;
  role_arn: string | null;
  external_id: string;
  pending_external_id: string | null;
  aws_account_id: string | null;
  session_duration: { requested_seconds: number; granted_seconds: number | null; reason: string | null };
  capacity_share: number;
  fallback_connection_id: string | null;
  paused: boolean;
  ses: {
    production_access: boolean | null;
    sending_enabled: boolean | null;
    enforcement_status: string | null;
    max_send_rate: number | null;
    max_24_hour_send: number | null;
    sent_last_24_hours: number | null;
  } | null;
  checks: CheckObject[];
  kit_url: string;
  created_at: string;
  verified_at: string | null;
  disconnected_at: string | null;
}

export interface CheckObject {
  name: StoredCheck['name'];
  outcome: StoredCheck['outcome'];
  side: StoredCheck['side'];
  detail: string;
  /** Instruction and the command or JSON to paste, as one text. */
  remedy: string | null;
  paste: Paste | null;
  checked_at: string | null;
}

export function presentConnection({ connection, checks, ses }: ConnectionView): ConnectionObject {
  return {
    object: 'connection',
    id: connection.id,
    project_id: connection.projectId,
    name: connection.name,
    region: connection.region,
    status: connection.status,
    status_reason: statusReason(connection, checks),
    role_arn: connection.roleArn,
    external_id: connection.externalId,
    pending_external_id: connection.pendingExternalId,
    aws_account_id: connection.awsAccountId,
    session_duration: {
      requested_seconds: connection.requestedSessionSeconds,
      granted_seconds: connection.grantedSessionSeconds,
      reason:
        connection.sessionReason &&
        explainReason(connection.sessionReason, connection.requestedSessionSeconds),
    },
    capacity_share: connection.capacityShare,
    fallback_connection_id: connection.fallbackConnectionId,
    paused: connection.isPaused,
    ses: ses && {
      production_access: ses.productionAccess,
      sending_enabled: ses.sendingEnabled,
      enforcement_status: ses.enforcementStatus,
      max_send_rate: ses.maxSendRate,
      max_24_hour_send: ses.max24HourSend,
      sent_last_24_hours: ses.sentLast24Hours,
    },
    checks: checks.map(presentCheck),
    kit_url: `/v1/connections/${connection.id}/kit`,
    created_at: connection.createdAt.toISOString(),
    verified_at: connection.verifiedAt?.toISOString() ?? null,
    disconnected_at: connection.disconnectedAt?.toISOString() ?? null,
  };
}

function presentCheck(check: StoredCheck): CheckObject {
  return {
    name: check.name,
    outcome: check.outcome,
    side: check.side,
    detail: check.detail,
    remedy: check.remedy,
    paste: check.paste,
    checked_at: check.checkedAt?.toISOString() ?? null,
  };
}

/** Why a session is shorter than requested. */
export function explainReason(reason: SessionReason, requestedSeconds: number): string {
  switch (reason) {
    case 'role_max_session_duration':
      return `The role's MaxSessionDuration is below the requested ${requestedSeconds} seconds.`;
    case 'role_chaining':
      return 'Sesame itself runs on a role session, and AWS limits role chaining to 3600 seconds.';
  }
}

function statusReason(connection: Connection, checks: readonly StoredCheck[]): string | null {
  switch (connection.status) {
    case 'awaiting_role':
      return 'Create the role with the kit, then set role_arn.';
    case 'active':
    case 'disconnected':
      return null;
    case 'paused':
      return connection.pausedReason ?? 'Somebody paused this connection. Its mail waits.';
    case 'verifying':
      return (
        checks.find((check) => check.outcome === 'pending' && check.checkedAt !== null)?.detail ??
        'The checks are running.'
      );
    case 'rejected':
    case 'degraded':
    case 'broken':
      return checks.find((check) => check.outcome === 'failed')?.detail ?? null;
  }
}
