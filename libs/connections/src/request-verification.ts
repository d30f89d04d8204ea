import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { ApplyChange } from './apply-change.js';
import type { ConnectionView } from './connection-row.repository.js';
import { ConnectionsRepository } from './connections.repository.js';
import { decideVerification } from './decide-verification.js';

/** Runs the checks again, now. */
@Injectable()
export class RequestVerification {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(ApplyChange) private readonly applyChange: ApplyChange,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `connection.not_found`, `connection.disconnected`, `connection.no_role`, `connection.changed` */
  async execute(projectId: string, connectionId: string, actor: string): Promise<ConnectionView> {
    const connection = await this.connections.get(projectId, connectionId);
    await this.applyChange.execute(
      projectId,
      connection,
      decideVerification(connection, actor, this.clock.now()),
    );
    return this.connections.view(projectId, connectionId);
  }
}
