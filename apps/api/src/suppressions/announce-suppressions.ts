import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { presentSuppression, type Announce } from '#libs/suppressions';
import { PublishEvents } from '#libs/webhooks';

/** The webhooks `suppression.added` and `suppression.removed`, in the transaction of the change. */
@Injectable()
export class AnnounceSuppressions {
  constructor(
    @Inject(PublishEvents) private readonly publish: PublishEvents,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  readonly announce: Announce = async (sql, change, suppressions) => {
    const at = this.clock.now();
    const webhooks = await this.publish.store(
      sql,
      suppressions.map((suppression) => ({
        projectId: suppression.projectId,
        type: change,
        at,
        data: presentSuppression(suppression),
      })),
    );
    return () => this.publish.wake(webhooks);
  };
}
