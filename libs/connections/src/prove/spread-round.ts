import { Inject, Injectable } from '@nestjs/common';
import { Broadcast } from '#libs/database';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import type { ConnectionStatus, RoleConnection } from '../connection.js';
import { purgeTopic, writePurge } from '../purge-notice.js';
import type { RoundRecord } from './system-rounds.repository.js';

/** Tells everybody else what a stored round means for them. The database already says it; this is only faster. */
@Injectable()
export class SpreadRound {
  constructor(
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'send'>,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(connection: RoleConnection, record: RoundRecord, status: ConnectionStatus): Promise<void> {
    const { id: connectionId, projectId } = connection;
    if (status !== connection.status) {
      const failing = record.results.find((result) => result.outcome === 'failed');
      this.logger.info('connection.status_changed', {
        projectId,
        connectionId,
        from: connection.status,
        to: status,
        check: failing?.name,
      });
    }
    try {
      if (record.withdraw) await this.broadcast.send(purgeTopic, writePurge({ connectionId }));
      if (record.resume) await this.jobs.add('lane.drain', { connectionId });
    } catch (error) {
      this.logger.warn('connection.announcement_failed', { projectId, connectionId, error });
    }
  }
}
