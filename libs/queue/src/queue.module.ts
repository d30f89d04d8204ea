import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Logger } from '#libs/telemetry';
import { createQueueBackend, type QueueBackend } from './backend.js';
import { JobProducer } from './job-producer.js';

/** Injection token of the {@link QueueBackend}. */
export const QUEUE_BACKEND = Symbol('sesame.queue-backend');

@Global()
@Module({
  providers: [
    {
      provide: QUEUE_BACKEND,
      inject: [CONFIG],
      useFactory: (config: Config) =>
        createQueueBackend({
          redisUrl: config.queue.redisUrl,
          databaseUrl: config.database.url,
          prefix: config.queue.prefix,
        }),
    },
    {
      provide: JobProducer,
      inject: [QUEUE_BACKEND, Logger],
      useFactory: (backend: QueueBackend, logger: Logger) => new JobProducer(backend, logger),
    },
  ],
  exports: [QUEUE_BACKEND, JobProducer],
})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(JobProducer) private readonly producer: JobProducer,
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
    await this.backend.close();
  }
}
