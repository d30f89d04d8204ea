import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { SuppressionsModule } from '#libs/suppressions';
import { WebhooksModule } from '#libs/webhooks';
import { ExplainSync } from './explain-sync.js';
import { ImportListed } from './import-listed.js';
import { ReadSuppressionSync } from './read-suppression-sync.js';
import { SetSuppressionSync } from './set-suppression-sync.js';
import { SuppressionSyncsRepository } from './suppression-syncs.repository.js';
import { SyncSuppressions } from './sync-suppressions.js';
import { SystemSuppressionSyncsRepository } from './system-suppression-syncs.repository.js';
import { TellAccount } from './tell-account.js';
import { WakeSuppressionSyncs } from './wake-suppression-syncs.js';

/** Settings: what the API needs. */
@Module({
  imports: [ConnectionsModule],
  providers: [ReadSuppressionSync, SetSuppressionSync, SuppressionSyncsRepository],
  exports: [ReadSuppressionSync, SetSuppressionSync],
})
export class SuppressionSyncModule {}

/** The sync itself: what the worker needs. */
@Module({
  imports: [ConnectionsModule, SuppressionsModule, WebhooksModule],
  providers: [
    ExplainSync,
    ImportListed,
    SyncSuppressions,
    SystemSuppressionSyncsRepository,
    TellAccount,
    WakeSuppressionSyncs,
  ],
  exports: [SyncSuppressions, WakeSuppressionSyncs],
})
export class FollowSuppressionsModule {}
