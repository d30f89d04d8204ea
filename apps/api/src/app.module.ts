import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccountsModule } from '#libs/accounts';
import { ConfigModule, type Config } from '#libs/config';
import { ConnectionsModule } from '#libs/connections';
import { CryptoModule } from '#libs/crypto';
import { DatabaseModule } from '#libs/database';
import { AcceptModule } from '#libs/emails';
import { QueueModule } from '#libs/queue';
import { TelemetryModule } from '#libs/telemetry';
import { AwsModule } from '#libs/aws';
import { controllers } from './controllers.js';
import { Readiness } from './health/readiness.js';
import { AccessGuard } from './http/access.guard.js';
import { ErrorFilter } from './http/error.filter.js';
import { RateLimit } from './http/rate-limit.js';
import { SchemaPipe } from './http/schema.pipe.js';

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
        AwsModule,
        ConnectionsModule,
        AccountsModule,
        AcceptModule,
      ],
      controllers,
      providers: [
        Readiness,
        RateLimit,
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: SchemaPipe },
      ],
    };
  }
}
