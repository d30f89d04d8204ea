import {
  connectionStatuses,
  sessionReasons,
  type Connection,
  type ConnectionStatus,
  type SessionReason,
  type SesSummary,
} from './connection.js';
import {
  checkOutcomes,
  inOrder,
  isCheckName,
  type CheckOutcome,
  type Paste,
  type StoredCheck,
} from './checks.js';

/** A row of `connections` as Prisma gives it: wider than the domain's type only where the database has text. */
export type ConnectionRow = Omit<Connection, 'status' | 'sessionReason'> & {
  status: string;
  sessionReason: string | null;
};

export interface CheckRow {
  name: string;
  outcome: string;
  side: string | null;
  detail: string;
  evidence: unknown;
  remedy: string | null;
  paste: unknown;
  checkedAt: Date | null;
}

/** A connection with what the API shows next to it. */
export interface ConnectionView {
  connection: Connection;
  checks: StoredCheck[];
  ses: SesSummary | null;
}

export function toConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    region: row.region,
    status: word<ConnectionStatus>(connectionStatuses, row.status, 'broken'),
    roleArn: row.roleArn,
    awsAccountId: row.awsAccountId,
    sesAccountId: row.sesAccountId,
    externalId: row.externalId,
    pendingExternalId: row.pendingExternalId,
    requestedSessionSeconds: row.requestedSessionSeconds,
    grantedSessionSeconds: row.grantedSessionSeconds,
    sessionReason:
      sessionReasons.find((reason): reason is SessionReason => reason === row.sessionReason) ?? null,
    capacityShare: row.capacityShare,
    fallbackConnectionId: row.fallbackConnectionId,
    isPaused: row.isPaused,
    pausedReason: row.pausedReason,
    credentialEpoch: row.credentialEpoch,
    verifyingSince: row.verifyingSince,
    nextCheckAt: row.nextCheckAt,
    verifiedAt: row.verifiedAt,
    createdAt: row.createdAt,
    disconnectedAt: row.disconnectedAt,
  };
}

export function toChecks(rows: readonly CheckRow[]): StoredCheck[] {
  return inOrder(
    rows.flatMap((row) =>
      isCheckName(row.name)
        ? [
            {
              name: row.name,
              outcome: word<CheckOutcome>(checkOutcomes, row.outcome, 'pending'),
              side: row.side as StoredCheck['side'],
              detail: row.detail,
              evidence: row.evidence as StoredCheck['evidence'],
              remedy: row.remedy,
              paste: row.paste as Paste | null,
              checkedAt: row.checkedAt,
            },
          ]
        : [],
    ),
  );
}

export function toView(
  row: ConnectionRow & { checks: CheckRow[]; sesAccount: SesSummary | null },
): ConnectionView {
  const { sesAccount: ses } = row;
  return {
    connection: toConnection(row),
    checks: toChecks(row.checks),
    ses: ses && {
      productionAccess: ses.productionAccess,
      sendingEnabled: ses.sendingEnabled,
      enforcementStatus: ses.enforcementStatus,
      maxSendRate: ses.maxSendRate,
      max24HourSend: ses.max24HourSend,
      sentLast24Hours: ses.sentLast24Hours,
    },
  };
}

function word<Word extends string>(words: readonly Word[], value: string, otherwise: Word): Word {
  return words.find((candidate) => candidate === value) ?? otherwise;
}
