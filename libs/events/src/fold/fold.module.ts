import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { LiveModule } from '#libs/live';
import { SuppressionsModule } from '#libs/suppressions';
import { WebhooksModule } from '#libs/webhooks';
import { IntakeModule } from '../intake/intake.module.js';
import { EventMetricsModule } from '../metrics/event-metrics.module.js';
import { SystemReputationRepository } from '../safety/system-reputation.repository.js';
import { WatchReputation } from '../safety/watch-reputation.js';
import { FoldEvents } from './fold-events.js';
import { FoldSet } from './fold-set.js';
import { FollowFacts } from './follow-facts.js';
import { ForgetEvents } from './forget-events.js';
import { SuppressFacts } from './suppress-facts.js';
import { SystemFoldRepository } from './system-fold.repository.js';
import { SystemForgetRepository } from './system-forget.repository.js';
import { SystemSoftBouncesRepository } from './system-soft-bounces.repository.js';
import { TellFacts } from './tell-facts.js';
import { WakeFolds } from './wake-folds.js';

/** Making something of what came in: what the worker needs. Needs the global modules of config, crypto, database, queue and telemetry. */
@Module({
  imports: [
    ConnectionsModule,
    EventMetricsModule,
    IntakeModule,
    LiveModule,
    SuppressionsModule,
    WebhooksModule,
  ],
  providers: [
    FoldEvents,
    FoldSet,
    FollowFacts,
    ForgetEvents,
    SuppressFacts,
    SystemFoldRepository,
    SystemForgetRepository,
    SystemReputationRepository,
    SystemSoftBouncesRepository,
    TellFacts,
    WakeFolds,
    WatchReputation,
  ],
  exports: [FoldEvents, ForgetEvents, WakeFolds],
})
export class FoldModule {}
