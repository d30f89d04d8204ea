import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { JobProducer } from '#libs/queue';
import { SystemSessionsRepository } from './sessions/system-sessions.repository.js';
import { SystemConnectionsRepository } from './system-connections.repository.js';

const CHECKS_PER_TICK = 200;
const SESSIONS_PER_TICK = 500;

/** The part of the one-second ticker that connects: checks that are due, sessions that come near their end. */
@Injectable()
export class WakeConnections {
  constructor(
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(SystemSessionsRepository) private readonly sessions: SystemSessionsRepository,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const now = this.clock.now();
    const checks = await this.connections.claimDueChecks(now, CHECKS_PER_TICK);
    await Promise.all(checks.map((connectionId) => this.jobs.add('connection.check', { connectionId })));
    const sessions = await this.sessions.dueForRefresh(now, SESSIONS_PER_TICK);
    await Promise.all(sessions.map((session) => this.jobs.add('session.refresh', session)));
  }
}
