import type { Connection } from './connection.js';

/** An entry for the audit log. `data` holds ids, ARNs and numbers; never a credential. */
export interface AuditNote {
  /** `key:<id>`, `user:<id>` or `system`. */
  actor: string;
  /** `connection.role_changed` … */
  action: string;
  data?: Readonly<Record<string, unknown>>;
}

/** What is to happen to a connection: decided by a use case, applied by the repository in one transaction. */
export interface ConnectionChange {
  set: Partial<Omit<Connection, 'id' | 'projectId' | 'region' | 'createdAt' | 'credentialEpoch'>> & {
    /** `good`, `warned` or `paused`, and from when on mail is looked at for it. */
    reputation?: string;
    reputationFrom?: Date;
  };
  /**
   * Withdraws every credential: epoch + 1, and the sealed ones are gone. `blank` keeps the rows and their
   * generations, so that a later generation is never mistaken for an earlier one.
   */
  withdraw?: 'blank' | 'delete';
  /** Every check back to "not checked yet": `restart` keeps what a rotation remembers, `forget` belongs to a new role. */
  checks?: 'restart' | 'forget';
  /** The checks run now. */
  runChecks?: boolean;
  /** Existing sessions are due for refresh now; the old ones stay valid meanwhile. */
  refreshSessions?: boolean;
  /** The lane wants a worker at this time, or earlier. */
  wakeLaneAt?: Date;
  audit: readonly AuditNote[];
}
