import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { ApplyChange } from './apply-change.js';
import type { ConnectionView } from './connection-row.repository.js';
import { ConnectionsRepository } from './connections.repository.js';

/**
 * Ends a connection: sealed credentials are deleted, every process forgets them, and no new ones are made. Its mail
 * stays where it is and stays visible. Its external ID is never given to anybody else.
 *
 * AWS cannot take back credentials that are already issued (aws.md A.8): what we erased would still live until its
 * expiry. Whoever fears a copy deletes the role or uses "Revoke sessions".
 */
@Injectable()
export class DisconnectConnection {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(ApplyChange) private readonly applyChange: ApplyChange,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Twice is once. @throws AppError `connection.not_found`, `connection.changed` */
  async execute(projectId: string, connectionId: string, actor: string): Promise<ConnectionView> {
    const connection = await this.connections.get(projectId, connectionId);
    if (connection.status !== 'disconnected') {
      await this.applyChange.execute(projectId, connection, {
        set: {
          status: 'disconnected',
          disconnectedAt: this.clock.now(),
          pendingExternalId: null,
          nextCheckAt: null,
          verifyingSince: null,
        },
        withdraw: 'delete',
        audit: [{ actor, action: 'connection.disconnected', data: { roleArn: connection.roleArn } }],
      });
    }
    return this.connections.view(projectId, connectionId);
  }
}
