import { provenStatuses, type Connection, type ConnectionStatus } from '../connection.js';
import type { Finding } from './finding.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * The state of a connection after a round. The worst finding wins; an open or platform-side answer changes nothing;
 * `paused` covers only what would send.
 */
export function decideStatus(
  findings: readonly Pick<Finding, 'effect'>[],
  connection: Pick<Connection, 'status' | 'verifiedAt' | 'isPaused'>,
): ConnectionStatus {
  const has = (effect: Finding['effect']) => findings.some((finding) => finding.effect === effect);
  if (has('unsafe')) return 'rejected';
  if (has('unusable')) return connection.verifiedAt === null ? 'rejected' : 'broken';
  if (has('hold') || has('wait')) return connection.status;
  if (connection.isPaused) return 'paused';
  return has('degrade') ? 'degraded' : 'active';
}

export interface NextCheckInput {
  findings: readonly Pick<Finding, 'effect'>[];
  before: ConnectionStatus;
  after: ConnectionStatus;
  /** When the round's window began. */
  since: Date;
  now: Date;
  windowMs: number;
  sweepMs: number;
  /** A rotation of the external ID waits for the customer. */
  isRotating: boolean;
  /** In [0, 1). */
  random: number;
}

/**
 * When to look again.
 *
 * Inside the window every 2-5 s, because IAM usually settles in seconds. A role that does not work is tried ever more
 * seldom, from a minute to an hour, so that a repaired one heals alone. A freshly proven one is proven again after ten
 * minutes (IAM may have answered from memory, aws.md B.3.7), then once per sweep, spread by ±20 %.
 */
export function nextCheckAt(input: NextCheckInput): Date {
  const { before, after, now, since, sweepMs, random } = input;
  const elapsedMs = now.getTime() - since.getTime();
  const isOpen = input.findings.some(({ effect }) => effect === 'wait' || effect === 'hold');
  const spread = (ms: number) => new Date(now.getTime() + Math.round(ms * (0.8 + 0.4 * random)));
  // A round that began inside the window may end behind it: one more quick look then settles it.
  if (isOpen && elapsedMs < input.windowMs + 10 * second)
    return new Date(now.getTime() + 2 * second + Math.round(3 * second * random));
  if (isOpen || after === 'rejected' || after === 'broken' || after === 'verifying') {
    return spread(Math.min(hour, Math.max(minute, elapsedMs)));
  }
  if (input.isRotating) return spread(Math.min(2 * minute, sweepMs));
  if (after === 'degraded' || !provenStatuses.includes(before)) return spread(Math.min(10 * minute, sweepMs));
  return spread(sweepMs);
}
