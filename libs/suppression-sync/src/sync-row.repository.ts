import type { SuppressionSync } from './suppression-sync.js';

/** A row of suppression_syncs as `syncColumns` reads it. */
export interface SyncRow {
  connection_id: string;
  project_id: string;
  mode: SuppressionSync['mode'];
  asked_at: Date;
  sync_at: Date | null;
  seen_until: Date | null;
  pass_began_at: Date | null;
  next_token: string | null;
  synced_at: Date | null;
  quiet_passes: number;
  failures: number;
  imported: number;
  put: number;
  deleted: number;
  refused: number;
  pending: number;
  suppressed_reasons: SuppressionSync['suppressedReasons'];
  problem: SuppressionSync['problem'];
}

/** SQL: of the table under the alias `s`. Index suppression_sync_changes_open_idx. */
export const syncColumns = `s.connection_id, s.project_id, s.mode, s.asked_at, s.sync_at, s.seen_until, s.pass_began_at, s.next_token, s.synced_at,
  s.quiet_passes, s.failures, s.imported, s.put, s.deleted, s.refused, s.suppressed_reasons, s.problem,
  (SELECT count(*) FROM suppression_sync_changes c WHERE c.connection_id = s.connection_id AND c.done_at IS NULL) AS pending`;

export function toSync(row: SyncRow): SuppressionSync {
  return {
    connectionId: row.connection_id,
    projectId: row.project_id,
    mode: row.mode,
    askedAt: row.asked_at,
    syncAt: row.sync_at,
    seenUntil: row.seen_until,
    passBeganAt: row.pass_began_at,
    nextToken: row.next_token,
    syncedAt: row.synced_at,
    quietPasses: row.quiet_passes,
    failures: row.failures,
    imported: row.imported,
    put: row.put,
    deleted: row.deleted,
    refused: row.refused,
    pending: row.pending,
    suppressedReasons: row.suppressed_reasons,
    problem: row.problem,
  };
}
