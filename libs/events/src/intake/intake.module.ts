import { Module } from '@nestjs/common';
import { SystemInboxRepository } from '../system-inbox.repository.js';
import { ProofsModule } from '../setup/proofs.module.js';
import { FindSource } from './find-source.js';
import { certificateHttp } from './sns/certificate-http.js';
import { Certificates } from './sns/certificates.js';
import { VerifySnsMessage } from './sns/verify-sns-message.js';
import { StoreEvents } from './store-events.js';
import { SystemSourcesRepository } from './system-sources.repository.js';
import { TakeEventBridgeEvent } from './take-eventbridge-event.js';
import { TakeSnsMessage } from './take-sns-message.js';

/** Taking events in, by HTTP or from a queue. Needs the global modules of config, crypto, database, outbound, queue and telemetry. */
@Module({
  imports: [ProofsModule],
  providers: [
    certificateHttp,
    Certificates,
    FindSource,
    StoreEvents,
    SystemInboxRepository,
    SystemSourcesRepository,
    TakeEventBridgeEvent,
    TakeSnsMessage,
    VerifySnsMessage,
  ],
  exports: [StoreEvents, SystemInboxRepository, TakeEventBridgeEvent, TakeSnsMessage],
})
export class IntakeModule {}
