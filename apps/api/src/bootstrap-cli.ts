import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsModule, BootstrapOrganization, BootstrapOwner, SignInModule } from '#libs/accounts';
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
        SignInModule,
      ],
    };
  }
}

/**
 * `ORGANIZATION_NAME=… ADMIN_EMAIL=… node dist/apps/api/src/bootstrap-cli.js`: makes an organization and prints its key, once;
 * with ADMIN_EMAIL an owner as well, whose password is printed, once. With ORGANIZATION_ID no organization is made. An
 * owner that exists gets a new password, and their sessions end: the way back in for who lost it.
 */
try {
  const environment = loadEnvironmentFile();
  const app = await NestFactory.createApplicationContext(BootstrapModule.for(loadConfig(environment)), {
    logger: false,
  });
  const { ORGANIZATION_ID: existing, ORGANIZATION_NAME: name = 'My organization' } = environment;
  const { ADMIN_EMAIL: email } = environment;
  const made =
    existing === undefined
      ? await app.get(BootstrapOrganization).execute(name)
      : { organizationId: existing, organizationKey: undefined };
  const password =
    email === undefined ? null : await app.get(BootstrapOwner).execute(made.organizationId, email);
  console.log(
    JSON.stringify({
      organization_id: made.organizationId,
      organization_key: made.organizationKey,
      admin_email: email ?? null,
      admin_password: password,
    }),
  );
  await app.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
