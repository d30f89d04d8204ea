import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { SystemWakeRepository } from './system-wake.repository.js';

const ENDPOINTS_PER_TICK = 1_000;
const SWEEP_EVERY_TICKS = 60;

/** The part of the one-second ticker that delivers: wakes due endpoints, for retries and for wake-ups that were lost. */
@Injectable()
export class WakeWebhooks {
  private ticks = 0;

  constructor(
    @Inject(SystemWakeRepository) private readonly endpoints: SystemWakeRepository,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
  ) {}

  async execute(): Promise<void> {
    if (this.ticks++ % SWEEP_EVERY_TICKS === 0) await this.endpoints.wakeForgotten();
    const due = await this.endpoints.claimDue(ENDPOINTS_PER_TICK);
    await Promise.all(due.map((webhookId) => this.jobs.add('webhook.deliver', { webhookId })));
  }
}
