import { Module } from '@nestjs/common';
import { LiveHub } from './live-hub.js';
import { LiveNotices } from './live-notices.js';
import { SystemLiveRepository } from './system-live.repository.js';

/** Telling watchers: for whatever something happens in. Needs the global modules of crypto, database and telemetry. */
@Module({ providers: [LiveNotices], exports: [LiveNotices] })
export class LiveModule {}

/** The watchers themselves: what the API needs. */
@Module({ providers: [LiveHub, SystemLiveRepository], exports: [LiveHub] })
export class LiveStreamsModule {}
