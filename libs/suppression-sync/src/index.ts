export type { SuppressionSyncObject } from './present-sync.js';
export { ReadSuppressionSync } from './read-suppression-sync.js';
export { SetSuppressionSync } from './set-suppression-sync.js';
export { syncModes } from './suppression-sync.js';
export type { SyncMode } from './suppression-sync.js';
export { FollowSuppressionsModule, SuppressionSyncModule } from './suppression-sync.module.js';
export { SyncSuppressions } from './sync-suppressions.js';
export { WakeSuppressionSyncs } from './wake-suppression-syncs.js';
