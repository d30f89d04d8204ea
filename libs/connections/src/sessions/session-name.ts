import type { SessionPurpose } from './session-policies.js';

/**
 * RoleSessionName: the only trace of us in each line of the customer's CloudTrail, so it names purpose, project and
 * connection. At most 62 of the 64 characters that STS allows.
 */
export function sessionName(purpose: SessionPurpose, projectId: string, connectionId: string): string {
  return `sesame-${purpose}-${projectId}-${connectionId.slice(-8)}`;
}
