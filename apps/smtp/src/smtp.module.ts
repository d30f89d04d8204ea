import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '#libs/accounts';
import { AwsModule } from '#libs/aws';
import { ConfigModule, type Config } from '#libs/config';
import { ConnectionsModule } from '#libs/connections';
import { CryptoModule } from '#libs/crypto';
import { DatabaseModule } from '#libs/database';
import { AcceptModule } from '#libs/emails';
import { LogsModule } from '#libs/logs';
import { OutboundModule } from '#libs/outbound';
import { QueueModule } from '#libs/queue';
import { TelemetryModule } from '#libs/telemetry';
import { Certificate } from './tls/certificate.js';
import { Listeners } from './listeners.js';
import { Login } from './login.js';
import { Submission } from './submission.js';
import { Visitors } from './visitors.js';

@Module({})
export class SmtpModule {
  static for(config: Config): DynamicModule {
    return {
      module: SmtpModule,
      imports: [
        ConfigModule.for(config),
        TelemetryModule.for('smtp'),
        CryptoModule,
        DatabaseModule,
        QueueModule,
        OutboundModule,
        AwsModule,
        ConnectionsModule,
        AccountsModule,
        AcceptModule,
        LogsModule,
      ],
      providers: [Certificate, Listeners, Login, Submission, Visitors],
    };
  }
}
