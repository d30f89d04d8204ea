import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock, SystemClock } from './clock.js';
import { Sealer } from './sealer.js';
import { Signer } from './signer.js';

@Global()
@Module({
  providers: [
    { provide: Sealer, inject: [CONFIG], useFactory: (config: Config) => new Sealer(config.keyRing) },
    { provide: Signer, inject: [CONFIG], useFactory: (config: Config) => new Signer(config.keyRing) },
    { provide: Clock, useClass: SystemClock },
  ],
  exports: [Sealer, Signer, Clock],
})
export class CryptoModule {}
