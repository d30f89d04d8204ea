import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsModule, BootstrapOrganization } from '#libs/accounts';
import { AwsModule } from '#libs/aws';
import { ConfigModule, loadConfig, loadEnvironmentFile, type Config } from '#libs/config';
import { CryptoModule } from '#libs/crypto';
import { DatabaseModule } from '#libs/database';
import { QueueModule } from '#libs/queue';
import { TelemetryModule } from '#libs/telemetry';

@Module({})
class BootstrapModule {
  static for(config: Config): DynamicModule {
    return {
      module: BootstrapModule,
      imports: [
        ConfigModule.for(config),
        TelemetryModule.for('bootstrap'),
        CryptoModule,
        DatabaseModule,
        QueueModule,
        AwsModule,
        AccountsModule,
      ],
    };
  }
}

/** `ORGANIZATION_NAME=… node dist/apps/api/src/bootstrap-cli.js`: makes an organization and prints its key, once. */
try {
  const environment = loadEnvironmentFile();
  const app = await NestFactory.createApplicationContext(BootstrapModule.for(loadConfig(environment)), {
    logger: false,
  });
  const made = await app
    .get(BootstrapOrganization)
    .execute(environment['ORGANIZATION_NAME'] ?? 'My organization');
  console.log(
    JSON.stringify({
      organization_id: made.organizationId,
      organization_key: made.organizationKey,
      admin_email: null,
      admin_password: null,
    }),
  );
  await app.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
