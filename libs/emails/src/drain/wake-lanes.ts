import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { PublishEvents } from '#libs/webhooks';
import { SystemLanesRepository } from './system-lanes.repository.js';

const LANES_PER_TICK = 1_000;
const CLAIMS_PER_TICK = 50;

/** The part of the one-second ticker that sends: wakes due lanes, which heals every lost wake-up, and recovers claims. */
@Injectable()
export class WakeLanes {
  constructor(
    @Inject(SystemLanesRepository) private readonly lanes: SystemLanesRepository,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(PublishEvents) private readonly publish: PublishEvents,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(): Promise<void> {
    const { uncertainEmails, ...recovered } = await this.lanes.recoverExpiredClaims(CLAIMS_PER_TICK);
    if (recovered.requeued + recovered.uncertain > 0) this.logger.warn('claims.recovered', { ...recovered });
    const due = await this.lanes.claimDue(LANES_PER_TICK);
    await Promise.all(
      [...new Set([...due, ...recovered.connectionIds])].map((connectionId) =>
        this.jobs.add('lane.drain', { connectionId }),
      ),
    );
    const uncertain = { reason: 'WorkerLost', message: 'The worker ended before it could record an answer.' };
    await this.publish.execute(
      uncertainEmails.map((email) => ({
        ...email,
        type: 'email.uncertain',
        at: new Date(),
        data: { uncertain },
      })),
    );
  }
}
