import type { ConnectionChange } from './connection-change.js';
import { disconnected, noRole } from './connection-errors.js';
import { hasRole, provenStatuses, type Connection } from './connection.js';

/** The job is added at once; the ticker takes over when that wake-up is lost. */
const tickerBackupMs = 15_000;

/** Marks of a round of checks that begins now. */
export function roundBegins(now: Date): { verifyingSince: Date; nextCheckAt: Date } {
  return { verifyingSince: now, nextCheckAt: new Date(now.getTime() + tickerBackupMs) };
}

/**
 * A new round of checks. What is proven goes on working meanwhile; what is not shows `verifying` again.
 *
 * @throws AppError `connection.disconnected`, `connection.no_role`
 */
export function decideVerification(connection: Connection, actor: string, now: Date): ConnectionChange {
  if (connection.status === 'disconnected') throw disconnected();
  if (!hasRole(connection)) throw noRole();
  const isProven = provenStatuses.includes(connection.status);
  return {
    set: { ...roundBegins(now), ...(!isProven && { status: 'verifying' }) },
    ...(!isProven && { checks: 'restart' }),
    runChecks: true,
    audit: [{ actor, action: 'connection.verification_requested' }],
  };
}
