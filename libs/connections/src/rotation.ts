import type { StoredCheck } from './checks.js';
import type { ConnectionChange } from './connection-change.js';
import { disconnected, rotationUnfinished } from './connection-errors.js';
import { hasRole, type Connection } from './connection.js';
import { roundBegins } from './decide-verification.js';

/*
 * Rotation of the external ID, with no moment in which sending stops:
 *
 *   idle      external_id = A
 *             | rotate
 *   offered   external_id = A, pending = B; the kit's trust policy lists A and B; A goes on being used
 *             | a round of checks in which B opens the role, and the role refuses no ID and a random ID
 *   retiring  external_id = B; A is remembered in the evidence of refuse_wrong_external_id
 *             | a round of checks in which A is refused
 *   idle      external_id = B
 *
 * B is proven before A is dropped, and A counts as dropped only when the role refuses it. Until then the check says
 * what to paste: pending for the length of the window, then failed, and the connection is `degraded` (it sends).
 * If the customer replaces A by B at once, the first check finds B open and A refused and ends the rotation.
 * A role that was never proven has nothing to lose: its ID is replaced immediately.
 */

export interface Retired {
  externalId: string;
  /** When the rotation replaced it. */
  at: Date;
}

/** The external ID that a rotation replaced and that the role has not been seen to refuse. */
export function retiredExternalId(checks: readonly Pick<StoredCheck, 'name' | 'evidence'>[]): Retired | null {
  const evidence = checks.find((check) => check.name === 'refuse_wrong_external_id')?.evidence;
  const externalId = evidence?.['retired_external_id'];
  const at = evidence?.['retired_at'];
  return typeof externalId === 'string' && typeof at === 'string' ? { externalId, at: new Date(at) } : null;
}

/** Evidence that retiredExternalId() reads again. */
export function rememberRetired({ externalId, at }: Retired): Record<string, string> {
  return { retired_external_id: externalId, retired_at: at.toISOString() };
}

/**
 * @param newId the next external ID, made by the server
 * @returns undefined when a rotation is under way: its pending ID stands, so that pressing twice changes nothing
 * @throws AppError `connection.disconnected`, `connection.rotation_unfinished`
 */
export function decideRotation(
  connection: Connection,
  checks: readonly StoredCheck[],
  newId: string,
  actor: string,
  now: Date,
): ConnectionChange | undefined {
  if (connection.status === 'disconnected') throw disconnected();
  if (connection.pendingExternalId !== null) return undefined;
  if (connection.verifiedAt === null) {
    const audit = [{ actor, action: 'connection.external_id_replaced' }];
    if (!hasRole(connection)) return { set: { externalId: newId }, audit };
    return {
      set: { externalId: newId, status: 'verifying', ...roundBegins(now) },
      checks: 'restart',
      runChecks: true,
      audit,
    };
  }
  if (retiredExternalId(checks) !== null) throw rotationUnfinished();
  return {
    set: { pendingExternalId: newId, ...roundBegins(now) },
    runChecks: true,
    audit: [{ actor, action: 'connection.external_id_rotation_started' }],
  };
}
