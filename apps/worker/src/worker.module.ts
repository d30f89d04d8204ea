import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from '#libs/accounts';
import { AwsModule } from '#libs/aws';
import { ConfigModule, type Config } from '#libs/config';
import { ConnectionsModule } from '#libs/connections';
import { CryptoModule } from '#libs/crypto';
import { DatabaseModule } from '#libs/database';
import { FollowDomainsModule } from '#libs/domains';
import { DrainModule } from '#libs/emails';
import { FoldModule, FollowFeedbackModule } from '#libs/events';
import { MetricsModule } from '#libs/metrics';
import { OutboundModule } from '#libs/outbound';
import { QueueModule } from '#libs/queue';
import { FollowSuppressionsModule } from '#libs/suppression-sync';
import { TelemetryModule } from '#libs/telemetry';
import { WebhookDeliveryModule } from '#libs/webhooks';
import { Consumers } from './consumers.js';
import { SystemMaintenanceRepository } from './system-maintenance.repository.js';
import { Maintenance } from './maintenance.js';
import { Retention } from './retention.js';
import { SystemRetentionRepository } from './system-retention.repository.js';
import { Ticker } from './ticker.js';

@Module({})
export class WorkerModule {
  static for(config: Config): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.for(config),
        TelemetryModule.for('worker'),
        CryptoModule,
        DatabaseModule,
        QueueModule,
        OutboundModule,
        AwsModule,
        AuditModule,
        ConnectionsModule,
        FollowDomainsModule,
        DrainModule,
        FoldModule,
        FollowFeedbackModule,
        FollowSuppressionsModule,
        MetricsModule,
        WebhookDeliveryModule,
      ],
      providers: [
        Consumers,
        Ticker,
        Maintenance,
        SystemMaintenanceRepository,
        Retention,
        SystemRetentionRepository,
      ],
    };
  }
}
