import { Inject, Injectable } from '@nestjs/common';
import { Clock, newExternalId } from '#libs/crypto';
import { ApplyChange } from './apply-change.js';
import type { ConnectionView } from './connection-row.repository.js';
import { ConnectionsRepository } from './connections.repository.js';
import { decideRotation } from './rotation.js';

/** Offers a new external ID; the checks put it into force once the role accepts it (see rotation.ts). */
@Injectable()
export class RotateExternalId {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(ApplyChange) private readonly applyChange: ApplyChange,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `connection.not_found`, `connection.changed` and those of decideRotation() */
  async execute(projectId: string, connectionId: string, actor: string): Promise<ConnectionView> {
    const view = await this.connections.view(projectId, connectionId);
    const change = decideRotation(view.connection, view.checks, newExternalId(), actor, this.clock.now());
    if (change === undefined) return view;
    await this.applyChange.execute(projectId, view.connection, change);
    return this.connections.view(projectId, connectionId);
  }
}
