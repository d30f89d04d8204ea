import { Module, type DynamicModule } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { createLogger, Logger } from './logger.js';
import { Metrics } from './metrics.js';

@Module({})
export class TelemetryModule {
  /** @param service `api`, `worker`, `smtp`: named on every log line and metric. */
  static for(service: string): DynamicModule {
    return {
      module: TelemetryModule,
      global: true,
      providers: [
        {
          provide: Logger,
          inject: [CONFIG],
          useFactory: (config: Config) => createLogger(config.log.level, service),
        },
        {
          provide: Metrics,
          inject: [CONFIG],
          useFactory: (config: Config) => new Metrics(service, config.metrics),
        },
      ],
      exports: [Logger, Metrics],
    };
  }
}
