import { Inject, Injectable } from '@nestjs/common';
import { Broadcast } from '#libs/database';
import { JobProducer, purposes } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import type { ConnectionChange } from './connection-change.js';
import { ConnectionChangesRepository } from './connection-changes.repository.js';
import type { Connection } from './connection.js';
import { purgeTopic, writePurge } from './purge-notice.js';
import { sendingChangedTopic } from './sending-changed.js';

/** Applies a decided change, then tells whoever has to act on it. */
@Injectable()
export class ApplyChange {
  constructor(
    @Inject(ConnectionChangesRepository) private readonly changes: ConnectionChangesRepository,
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'send'>,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @throws AppError `connection.changed` */
  async execute(projectId: string, seen: Connection, change: ConnectionChange): Promise<void> {
    await this.changes.apply(projectId, seen, change);
    for (const { action } of change.audit) this.logger.info(action, { projectId, connectionId: seen.id });
    // What follows is speed, not truth: epoch, next_check_at, refresh_at and wake_at stand in the database, and
    // tickers repeat lost wake-ups. So a queue that is away does not undo a change that is done.
    const connectionId = seen.id;
    if (change.withdraw !== undefined) {
      await this.attempt(connectionId, () => this.broadcast.send(purgeTopic, writePurge({ connectionId })));
    }
    if (change.set.status !== undefined)
      await this.attempt(connectionId, () => this.broadcast.send(sendingChangedTopic, projectId));
    if (change.refreshSessions === true) {
      for (const purpose of purposes) {
        await this.attempt(connectionId, () => this.jobs.add('session.refresh', { connectionId, purpose }));
      }
    }
    if (change.wakeLaneAt !== undefined)
      await this.attempt(connectionId, () => this.jobs.add('lane.drain', { connectionId }));
    if (change.runChecks === true)
      await this.attempt(connectionId, () => this.jobs.add('connection.check', { connectionId }));
  }

  private async attempt(connectionId: string, announce: () => Promise<void>): Promise<void> {
    try {
      await announce();
    } catch (error) {
      this.logger.warn('connection.announcement_failed', { connectionId, error });
    }
  }
}
