import type { SesSuppressionReason } from '#libs/aws';
import type { SuppressionSync, SyncMode, SyncProblem } from './suppression-sync.js';

/** A sync on the wire. */
export interface SuppressionSyncObject {
  object: 'suppression_sync';
  connection_id: string;
  mode: 'off' | SyncMode;
  imported: number;
  put: number;
  deleted: number;
  refused: number;
  pending: number;
  suppressed_reasons: SesSuppressionReason[] | null;
  problem: SyncProblem | null;
  synced_at: string | null;
  next_sync_at: string | null;
}

/** @param sync undefined is "off" */
export function presentSync(connectionId: string, sync: SuppressionSync | undefined): SuppressionSyncObject {
  return {
    object: 'suppression_sync',
    connection_id: connectionId,
    mode: sync?.mode ?? 'off',
    imported: sync?.imported ?? 0,
    put: sync?.put ?? 0,
    deleted: sync?.deleted ?? 0,
    refused: sync?.refused ?? 0,
    pending: sync?.pending ?? 0,
    suppressed_reasons: sync?.suppressedReasons == null ? null : [...sync.suppressedReasons],
    problem: sync?.problem ?? null,
    synced_at: sync?.syncedAt?.toISOString() ?? null,
    next_sync_at: sync?.syncAt?.toISOString() ?? null,
  };
}
