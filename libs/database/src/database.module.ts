import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Broadcast } from './broadcast.js';
import { Database } from './database.js';
import { HeartbeatsRepository } from './heartbeats.repository.js';

@Global()
@Module({
  providers: [
    HeartbeatsRepository,
    {
      provide: Database,
      inject: [CONFIG],
      useFactory: (config: Config) => new Database(config.database.url, config.database.poolSize),
    },
    {
      provide: Broadcast,
      inject: [Database],
      useFactory: async (database: Database) => {
        const broadcast = new Broadcast(database);
        await broadcast.start();
        return broadcast;
      },
    },
  ],
  exports: [Database, Broadcast, HeartbeatsRepository],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Broadcast) private readonly broadcast: Broadcast,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.broadcast.close();
    await this.database.close();
  }
}
