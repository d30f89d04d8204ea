/** Where a connection stands (design.md §6). */
export const connectionStatuses = [
  'awaiting_role', // made; no role ARN yet
  'verifying', // the checks of a new or changed role are running; nothing is sent
  'active', // every check passed
  'rejected', // the role is not safe, or has never worked
  'degraded', // safe and sending, with something to mend
  'broken', // worked before, cannot be used now; its mail waits
  'paused', // works, and somebody paused it; its mail waits
  'disconnected', // ended for good; credentials are gone
] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

/** States in which mail is sent. */
export const sendingStatuses: readonly ConnectionStatus[] = ['active', 'degraded'];

/** States that rest on a proof: the role opened for our external ID and for nothing else. */
export const provenStatuses: readonly ConnectionStatus[] = ['active', 'degraded', 'paused'];

/** Why a session is shorter than asked for. */
export const sessionReasons = ['role_max_session_duration', 'role_chaining'] as const;
export type SessionReason = (typeof sessionReasons)[number];

/** A project's link to one AWS account and region. */
export interface Connection {
  id: string;
  projectId: string;
  name: string;
  region: string;
  status: ConnectionStatus;
  roleArn: string | null;
  awsAccountId: string | null;
  sesAccountId: string | null;
  externalId: string;
  /** The next external ID of a rotation: shown, and not yet proven. */
  pendingExternalId: string | null;
  /** 900-43 200. */
  requestedSessionSeconds: number;
  grantedSessionSeconds: number | null;
  sessionReason: SessionReason | null;
  /** Share of the SES account's rate and quota that this connection may use: (0, 1]. */
  capacityShare: number;
  /** With consent: where single sends go while this connection is broken or SES does not answer. */
  fallbackConnectionId: string | null;
  isPaused: boolean;
  /** Why Sesame paused it by itself; null when a person did. */
  pausedReason: string | null;
  /** Credentials of another epoch must not be used. */
  credentialEpoch: number;
  /** When the present round of checks began; kept while something is left to mend. */
  verifyingSince: Date | null;
  nextCheckAt: Date | null;
  verifiedAt: Date | null;
  createdAt: Date;
  disconnectedAt: Date | null;
}

/** A connection that has a role: the only kind that can be checked or assumed. */
export type RoleConnection = Connection & { roleArn: string; awsAccountId: string };

export function hasRole(connection: Connection): connection is RoleConnection {
  return connection.roleArn !== null && connection.awsAccountId !== null;
}

/** The SES account behind a connection, as GetAccount last described it. */
export interface SesSummary {
  productionAccess: boolean | null;
  sendingEnabled: boolean | null;
  enforcementStatus: string | null;
  maxSendRate: number | null;
  max24HourSend: number | null;
  sentLast24Hours: number | null;
}
