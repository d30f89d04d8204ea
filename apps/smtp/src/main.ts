import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig, loadEnvironmentFile } from '#libs/config';
import { createLogger, endOnSignals, NestLogger } from '#libs/telemetry';
import { Listeners } from './listeners.js';
import { SmtpModule } from './smtp.module.js';

try {
  const config = loadConfig(loadEnvironmentFile());
  const app = await NestFactory.createApplicationContext(SmtpModule.for(config), {
    logger: new NestLogger(createLogger(config.log.level, 'smtp')),
    abortOnError: false,
  });
  endOnSignals(app);
  const { ports } = app.get(Listeners);
  console.log(JSON.stringify({ level: 'info', service: 'smtp', event: 'smtp.ready', ports }));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
