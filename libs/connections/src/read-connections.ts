import { Inject, Injectable } from '@nestjs/common';
import type { ConnectionView } from './connection-row.repository.js';
import { ConnectionsRepository } from './connections.repository.js';

/** Connections of a project, with their checks. */
@Injectable()
export class ReadConnections {
  constructor(@Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository) {}

  /** @throws AppError `connection.not_found` */
  get(projectId: string, connectionId: string): Promise<ConnectionView> {
    return this.connections.view(projectId, connectionId);
  }

  list(projectId: string): Promise<ConnectionView[]> {
    return this.connections.list(projectId);
  }
}
