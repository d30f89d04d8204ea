import type { SesSuppressionReason } from '#libs/aws';

/** `import` takes over what the account's list has; `both` also puts and deletes there what the project suppresses and allows again. */
export const syncModes = ['import', 'both'] as const;
export type SyncMode = (typeof syncModes)[number];

/** Why the list could not be read or written, for people. */
export interface SyncProblem {
  code: string;
  detail: string;
  remedy: string | null;
}

/** How a project's suppression list and the account-level list of a connection's SES account are kept alike. */
export interface SuppressionSync {
  connectionId: string;
  projectId: string;
  mode: SyncMode;
  askedAt: Date;
  syncAt: Date | null;
  /** The account's list is known up to here; null until it was read to its end once. */
  seenUntil: Date | null;
  /** When the present pass through the list began; null while none has pages left. */
  passBeganAt: Date | null;
  nextToken: string | null;
  syncedAt: Date | null;
  quietPasses: number;
  failures: number;
  imported: number;
  put: number;
  deleted: number;
  /** Addresses that SES did not want on its list. */
  refused: number;
  /** Changes that the account has not been told yet. */
  pending: number;
  suppressedReasons: readonly SesSuppressionReason[] | null;
  problem: SyncProblem | null;
}
