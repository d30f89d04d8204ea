import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { GuardedHttp } from './guarded-http.js';
import { Resolver, SystemResolver } from './resolver.js';

@Global()
@Module({
  providers: [
    {
      provide: Resolver,
      inject: [CONFIG],
      useFactory: ({ outbound }: Config) => new SystemResolver(outbound.allow.length > 0),
    },
    {
      provide: GuardedHttp,
      inject: [CONFIG, Resolver],
      useFactory: ({ outbound }: Config, resolver: Resolver) => new GuardedHttp(outbound, resolver),
    },
  ],
  exports: [GuardedHttp],
})
export class OutboundModule implements OnApplicationShutdown {
  constructor(@Inject(GuardedHttp) private readonly http: GuardedHttp) {}

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}
