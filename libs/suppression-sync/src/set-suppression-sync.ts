import { Inject, Injectable } from '@nestjs/common';
import { provenStatuses, ReadConnections } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { JobProducer } from '#libs/queue';
import { Logger } from '#libs/telemetry';
import { presentSync, type SuppressionSyncObject } from './present-sync.js';
import type { SyncMode } from './suppression-sync.js';
import { SuppressionSyncsRepository } from './suppression-syncs.repository.js';

/** Switches the sync of a connection on or off; the mode that it has already means "now". */
@Injectable()
export class SetSuppressionSync {
  constructor(
    @Inject(SuppressionSyncsRepository) private readonly syncs: SuppressionSyncsRepository,
    @Inject(ReadConnections) private readonly connections: ReadConnections,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @throws AppError `connection.not_found`, `suppression_sync.connection_not_ready` */
  async execute(
    projectId: string,
    connectionId: string,
    mode: 'off' | SyncMode,
    actor: string,
  ): Promise<SuppressionSyncObject> {
    const { connection } = await this.connections.get(projectId, connectionId);
    const audit = { actor, action: 'suppression_sync.changed', at: this.clock.now() };
    if (mode === 'off') await this.syncs.remove(projectId, connectionId, audit);
    else {
      if (!provenStatuses.includes(connection.status)) throw notReady(connection.status);
      await this.syncs.set(projectId, connectionId, mode, audit);
      await this.wake(connectionId);
    }
    return presentSync(connectionId, await this.syncs.find(projectId, connectionId));
  }

  /** Speed, not truth: the ticker finds what this loses. */
  private async wake(connectionId: string): Promise<void> {
    try {
      await this.jobs.add('suppressions.sync', { connectionId });
    } catch (error) {
      this.logger.warn('suppression_sync.wake_lost', { connectionId, error });
    }
  }
}

function notReady(status: string): AppError {
  return new AppError({
    code: 'suppression_sync.connection_not_ready',
    kind: 'conflict',
    field: 'mode',
    message: `The connection is ${status.replaceAll('_', ' ')}: the suppression list of its SES account is read through its role.`,
    remedy:
      'Wait until the checks of the connection have passed, then repeat. Mode `off` is always possible.',
  });
}
