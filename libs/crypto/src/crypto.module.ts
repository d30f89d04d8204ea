import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock, SystemClock } from './clock.js';
import { Sealer } from './sealer.js';

@Global()
@Module({
  providers: [
    { provide: Sealer, inject: [CONFIG], useFactory: (config: Config) => new Sealer(config.keyRing) },
    { provide: Clock, useClass: SystemClock },
  ],
  exports: [Sealer, Clock],
})
export class CryptoModule {}
