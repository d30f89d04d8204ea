import type { Provider } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { GuardedHttp, SystemResolver } from '#libs/outbound';

/** The client that fetches certificates. */
export abstract class CertificateHttp {
  abstract request: GuardedHttp['request'];
}

const loopback = ['127.0.0.0/8', '::1/128'];

/** The guarded client; a sandbox, which an operator has named, may be on this machine, but nowhere else that is not public. */
export const certificateHttp: Provider = {
  provide: CertificateHttp,
  inject: [CONFIG, GuardedHttp],
  useFactory: ({ events }: Config, guarded: GuardedHttp) =>
    events.certificateEndpoint === undefined
      ? guarded
      : new GuardedHttp({ allow: loopback, plainHttp: true }, new SystemResolver(true)),
};
