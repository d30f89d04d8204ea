import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccountsModule, AuditModule, SignInModule } from '#libs/accounts';
import { ConfigModule, type Config } from '#libs/config';
import { ConnectionsModule } from '#libs/connections';
import { CryptoModule } from '#libs/crypto';
import { DatabaseModule } from '#libs/database';
import { DomainsModule } from '#libs/domains';
import { AcceptModule } from '#libs/emails';
import { FeedbackModule, IntakeModule } from '#libs/events';
import { LiveStreamsModule } from '#libs/live';
import { LogsModule } from '#libs/logs';
import { MetricsModule } from '#libs/metrics';
import { OutboundModule } from '#libs/outbound';
import { QueueModule } from '#libs/queue';
import { SuppressionSyncModule } from '#libs/suppression-sync';
import { SuppressionsModule } from '#libs/suppressions';
import { TelemetryModule } from '#libs/telemetry';
import { TemplatesModule } from '#libs/templates';
import { WebhookManagementModule, WebhooksModule } from '#libs/webhooks';
import { AwsModule } from '#libs/aws';
import { controllers, sandboxControllers } from './controllers.js';
import { EndRevokedStreams } from './live/end-revoked-streams.js';
import { Readiness } from './health/readiness.js';
import { AccessGuard } from './http/access.guard.js';
import { ErrorFilter } from './http/error.filter.js';
import { MemberAccess } from './http/member-access.js';
import { PublicUrl } from './http/public-url.js';
import { RateLimit } from './http/rate-limit.js';
import { SchemaPipe } from './http/schema.pipe.js';
import { BreakSetUp } from './sandbox/break-set-up.js';
import { SandboxAdmin } from './sandbox/sandbox-admin.js';
import { AnnounceSuppressions } from './suppressions/announce-suppressions.js';

@Module({})
export class AppModule {
  static for(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.for(config),
        TelemetryModule.for('api'),
        CryptoModule,
        DatabaseModule,
        QueueModule,
        OutboundModule,
        AwsModule,
        ConnectionsModule,
        AccountsModule,
        SignInModule,
        AuditModule,
        AcceptModule,
        DomainsModule,
        WebhookManagementModule,
        WebhooksModule,
        SuppressionsModule,
        SuppressionSyncModule,
        LogsModule,
        LiveStreamsModule,
        MetricsModule,
        FeedbackModule,
        IntakeModule,
        TemplatesModule,
      ],
      controllers: config.sandbox === undefined ? controllers : [...controllers, ...sandboxControllers],
      providers: [
        ...(config.sandbox === undefined ? [] : [BreakSetUp, SandboxAdmin]),
        Readiness,
        AnnounceSuppressions,
        EndRevokedStreams,
        RateLimit,
        PublicUrl,
        MemberAccess,
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: SchemaPipe },
      ],
    };
  }
}
