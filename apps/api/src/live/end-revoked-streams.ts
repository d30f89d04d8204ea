import { Inject, Injectable } from '@nestjs/common';
import { KEY_REVOKED } from '#libs/accounts';
import { Broadcast } from '#libs/database';
import { LiveHub } from '#libs/live';

/** A key is revoked: all streams begin anew, so that the guard asks everybody once more. */
@Injectable()
export class EndRevokedStreams {
  constructor(@Inject(Broadcast) broadcast: Broadcast, @Inject(LiveHub) live: LiveHub) {
    broadcast.on(KEY_REVOKED, () => live.endAll());
  }
}
