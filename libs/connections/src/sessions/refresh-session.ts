import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { Logger } from '#libs/telemetry';
import { hasRole, provenStatuses } from '../connection.js';
import type { Purpose } from '../kit/permissions.js';
import { SystemConnectionsRepository } from '../system-connections.repository.js';
import { IssueSession } from './issue-session.js';
import { SystemSessionsRepository } from './system-sessions.repository.js';

export interface RefreshSessionInput {
  connectionId: string;
  purpose: Purpose;
}

/** Job `session.refresh`: makes the next generation ahead of expiry. Safe to run at any time, twice or late. */
@Injectable()
export class RefreshSession {
  constructor(
    @Inject(SystemSessionsRepository) private readonly sessions: SystemSessionsRepository,
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(IssueSession) private readonly issueSession: IssueSession,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** A refusal keeps the old session while it is valid, and is tried again after its pause. */
  async execute({ connectionId, purpose }: RefreshSessionInput): Promise<void> {
    const [connection, row] = await Promise.all([
      this.connections.find(connectionId),
      this.sessions.read(connectionId, purpose),
    ]);
    if (connection === null || !hasRole(connection) || !provenStatuses.includes(connection.status)) return;
    // Nothing there to refresh: the next use gets one inline.
    if (row === undefined || row.sealedCredentials === null || row.epoch !== connection.credentialEpoch)
      return;
    const nowMs = this.clock.nowMs();
    if ((row.refreshAt?.getTime() ?? 0) > nowMs || (row.retryAt?.getTime() ?? 0) > nowMs || row.isLeased)
      return;
    try {
      await this.issueSession.execute(connection, purpose, row.generation, false);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.logger.warn('session.refresh_failed', { connectionId, purpose, code: error.code });
    }
  }
}
