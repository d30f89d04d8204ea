import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock } from '#libs/crypto';
import { ConfigurationSets } from './configuration-sets.js';
import { EventBridgeGateway } from './event-bridge-gateway.js';
import { createSharedHandler } from './http-handler.js';
import { SesGateway } from './ses-gateway.js';
import { SesIdentities } from './ses-identities.js';
import { SesSender } from './ses-sender.js';
import { SesSuppressionList } from './ses-suppression-list.js';
import { SnsGateway } from './sns-gateway.js';
import { SqsGateway } from './sqs-gateway.js';
import { StsGateway } from './sts-gateway.js';

const HANDLER = Symbol('aws.http-handler');

@Global()
@Module({
  providers: [
    { provide: HANDLER, useFactory: createSharedHandler },
    {
      provide: StsGateway,
      inject: [HANDLER],
      useFactory: (handler: ReturnType<typeof createSharedHandler>) => new StsGateway(handler),
    },
    {
      provide: SesGateway,
      inject: [HANDLER],
      useFactory: (handler: ReturnType<typeof createSharedHandler>) => new SesGateway(handler),
    },
    {
      provide: SesIdentities,
      inject: [HANDLER],
      useFactory: (handler: ReturnType<typeof createSharedHandler>) => new SesIdentities(handler),
    },
    {
      provide: SesSuppressionList,
      inject: [HANDLER],
      useFactory: (handler: ReturnType<typeof createSharedHandler>) => new SesSuppressionList(handler),
    },
    {
      provide: ConfigurationSets,
      inject: [HANDLER],
      useFactory: (handler: ReturnType<typeof createSharedHandler>) => new ConfigurationSets(handler),
    },
    {
      provide: SnsGateway,
      inject: [HANDLER],
      useFactory: (handler: ReturnType<typeof createSharedHandler>) => new SnsGateway(handler),
    },
    {
      provide: EventBridgeGateway,
      inject: [HANDLER],
      useFactory: (handler: ReturnType<typeof createSharedHandler>) => new EventBridgeGateway(handler),
    },
    { provide: SqsGateway, useFactory: () => new SqsGateway() },
    {
      provide: SesSender,
      inject: [CONFIG, SesGateway, Clock],
      useFactory: (config: Config, ses: SesGateway, clock: Clock) =>
        new SesSender({ ...config.sending, now: () => clock.nowMs() }, ses),
    },
  ],
  exports: [
    ConfigurationSets,
    EventBridgeGateway,
    SesGateway,
    SesIdentities,
    SesSender,
    SesSuppressionList,
    SnsGateway,
    SqsGateway,
    StsGateway,
  ],
})
export class AwsModule implements OnApplicationShutdown {
  constructor(
    @Inject(HANDLER) private readonly handler: ReturnType<typeof createSharedHandler>,
    @Inject(SesSender) private readonly sender: SesSender,
    @Inject(SqsGateway) private readonly queues: SqsGateway,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.handler.destroy();
    this.queues.close();
    await this.sender.close();
  }
}
