import { Inject, Injectable } from '@nestjs/common';
import { ReadConnections } from '#libs/connections';
import { presentSync, type SuppressionSyncObject } from './present-sync.js';
import { SuppressionSyncsRepository } from './suppression-syncs.repository.js';

/** How the sync of a connection is set, and how it goes. */
@Injectable()
export class ReadSuppressionSync {
  constructor(
    @Inject(SuppressionSyncsRepository) private readonly syncs: SuppressionSyncsRepository,
    @Inject(ReadConnections) private readonly connections: ReadConnections,
  ) {}

  /** @throws AppError `connection.not_found` */
  async execute(projectId: string, connectionId: string): Promise<SuppressionSyncObject> {
    await this.connections.get(projectId, connectionId);
    return presentSync(connectionId, await this.syncs.find(projectId, connectionId));
  }
}
