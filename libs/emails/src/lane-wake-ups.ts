import { Inject, Injectable } from '@nestjs/common';
import { JobProducer, SpacedWakeUps } from '#libs/queue';
import { Logger } from '#libs/telemetry';

/** A lane that was woken just now is at work, and looks again without being told. */
const REST_MS = 10;

/**
 * Wakes the lanes that mail was committed to. It is the commit that counts: a wake-up that is lost is made good by the ticker within
 * a second.
 */
@Injectable()
export class LaneWakeUps {
  private readonly spaced: SpacedWakeUps;

  constructor(@Inject(JobProducer) jobs: Pick<JobProducer, 'add'>, @Inject(Logger) logger: Logger) {
    this.spaced = new SpacedWakeUps(REST_MS, (connectionId) => {
      jobs
        .add('lane.drain', { connectionId })
        .catch((error: unknown) => logger.warn('lane.wake_lost', { connectionId, error }));
    });
  }

  wake(connectionId: string): void {
    this.spaced.wake(connectionId);
  }
}
