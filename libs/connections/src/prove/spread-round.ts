import { Inject, Injectable } from '@nestjs/common';
import { Broadcast } from '#libs/database';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { PublishEvents } from '#libs/webhooks';
import type { ConnectionStatus, RoleConnection } from '../connection.js';
import { purgeTopic, writePurge } from '../purge-notice.js';
import { sendingChangedTopic } from '../sending-changed.js';
import type { RoundRecord } from './system-rounds.repository.js';

/** Tells everybody else what a stored round means for them. The database already says it; this is only faster. */
@Injectable()
export class SpreadRound {
  constructor(
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'send'>,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(PublishEvents) private readonly publish: Pick<PublishEvents, 'execute'>,
  ) {}

  async execute(connection: RoleConnection, record: RoundRecord, status: ConnectionStatus): Promise<void> {
    const { id: connectionId, projectId } = connection;
    if (status !== connection.status) {
      const failing = record.results.find((result) => result.outcome === 'failed');
      this.logger.info('connection.status_changed', {
        projectId,
        connectionId,
        previousStatus: connection.status,
        // Not `to`: the logger takes that for a recipient and hides it.
        newStatus: status,
        check: failing?.name,
      });
    }
    try {
      if (status !== connection.status) {
        await this.broadcast.send(sendingChangedTopic, projectId);
        await this.tellProject(connection, record, status);
      }
      if (record.withdraw) await this.broadcast.send(purgeTopic, writePurge({ connectionId }));
      if (record.resume) await this.jobs.add('lane.drain', { connectionId });
    } catch (error) {
      this.logger.warn('connection.announcement_failed', { projectId, connectionId, error });
    }
  }

  /** As an event, for whoever has an endpoint: a role that stops working is the customer's to mend. */
  private tellProject(
    { id, projectId, name, region, status: before }: RoleConnection,
    { results, now }: RoundRecord,
    status: ConnectionStatus,
  ): Promise<void> {
    const findings = results
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ name: check, detail, remedy }) => ({ check, detail, remedy }));
    const data = { connection_id: id, name, region, status, previous_status: before, findings };
    return this.publish.execute([{ projectId, type: `connection.${status}`, at: now, data }]);
  }
}
