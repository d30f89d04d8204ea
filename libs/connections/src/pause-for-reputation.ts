import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { PublishEvents } from '#libs/webhooks';
import { ApplyChange } from './apply-change.js';
import { changedMeanwhile } from './connection-errors.js';
import { sendingStatuses } from './connection.js';
import { SystemConnectionsRepository } from './system-connections.repository.js';

const TRIES = 5;

/** Stops a connection before AWS stops the whole account. Only a person sets it going again. */
@Injectable()
export class PauseForReputation {
  constructor(
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(ApplyChange) private readonly applyChange: ApplyChange,
    @Inject(PublishEvents) private readonly publish: Pick<PublishEvents, 'execute'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param reason shown to the project, in whole sentences @param figures for the audit log and the webhook
   * @returns whether it is paused by this call
   */
  async execute(
    connectionId: string,
    reason: string,
    figures: Readonly<Record<string, number>>,
  ): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        return await this.attempt(connectionId, reason, figures);
      } catch (error) {
        // Its checks may have ended at this very moment.
        if (!(error instanceof AppError) || error.code !== changedMeanwhile().code) throw error;
      }
    }
    throw changedMeanwhile();
  }

  private async attempt(
    connectionId: string,
    reason: string,
    figures: Readonly<Record<string, number>>,
  ): Promise<boolean> {
    const connection = await this.connections.find(connectionId);
    if (connection === null || connection.isPaused || connection.status === 'disconnected') return false;
    const { projectId, name, region, status: before } = connection;
    const status = sendingStatuses.includes(before) ? 'paused' : before;
    await this.applyChange.execute(projectId, connection, {
      set: { isPaused: true, pausedReason: reason, reputation: 'paused', status },
      audit: [{ actor: 'system', action: 'connection.paused', data: { reason, ...figures } }],
    });
    const data = {
      connection_id: connectionId,
      name,
      region,
      status,
      previous_status: before,
      reason,
      ...figures,
    };
    await this.publish.execute([{ projectId, type: 'connection.paused', at: this.clock.now(), data }]);
    return true;
  }
}
