import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';

/** Wake-ups of a lane that follow another within this time go together at its end. */
const TOGETHER_MS = 10;

/**
 * Wakes the lanes that mail was committed to. It is the commit that counts: a wake-up that is lost is made good by the ticker within
 * a second. A lane that sleeps is woken at once; one that has just been woken is at work, and looks again without being told.
 */
@Injectable()
export class LaneWakeUps {
  /** Lanes that have just been woken, and whether there was more since. */
  private readonly lately = new Map<string, boolean>();

  constructor(
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  wake(connectionId: string): void {
    if (this.lately.has(connectionId)) {
      this.lately.set(connectionId, true);
      return;
    }
    this.lately.set(connectionId, false);
    setTimeout(() => {
      const isMore = this.lately.get(connectionId) === true;
      this.lately.delete(connectionId);
      if (isMore) this.wake(connectionId);
    }, TOGETHER_MS).unref();
    this.jobs
      .add('lane.drain', { connectionId })
      .catch((error: unknown) => this.logger.warn('lane.wake_lost', { connectionId, error }));
  }
}
