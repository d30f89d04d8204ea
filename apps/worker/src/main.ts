import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig, loadEnvironmentFile } from '#libs/config';
import { createLogger, endOnSignals, NestLogger } from '#libs/telemetry';
import { boundHeapGrowth } from './heap.js';
import { WorkerModule } from './worker.module.js';

try {
  boundHeapGrowth();
  const config = loadConfig(loadEnvironmentFile());
  const app = await NestFactory.createApplicationContext(WorkerModule.for(config), {
    logger: new NestLogger(createLogger(config.log.level, 'worker')),
    abortOnError: false,
  });
  endOnSignals(app);
  console.log(JSON.stringify({ level: 'info', service: 'worker', event: 'worker.ready', pid: process.pid }));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
