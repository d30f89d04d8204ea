import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { SystemInboxRepository } from '../system-inbox.repository.js';

const CONNECTIONS_PER_TICK = 1_000;

/** The part of the one-second ticker that folds: wakes what waits too long, which heals every lost wake-up. */
@Injectable()
export class WakeFolds {
  constructor(
    @Inject(SystemInboxRepository) private readonly inbox: SystemInboxRepository,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
  ) {}

  async execute(): Promise<void> {
    const overdue = await this.inbox.overdue(CONNECTIONS_PER_TICK);
    await Promise.all(overdue.map((connectionId) => this.jobs.add('events.fold', { connectionId })));
  }
}
