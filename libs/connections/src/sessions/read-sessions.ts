import { Inject, Injectable } from '@nestjs/common';
import { ConnectionsRepository } from '../connections.repository.js';
import { SessionsRepository } from './sessions.repository.js';

/** A session on the wire: never a secret. */
export interface SessionObject {
  purpose: string;
  generation: number;
  granted_seconds: number;
  refreshed_at: string;
  expires_at: string;
}

/** The sessions of a connection that exist now. */
@Injectable()
export class ReadSessions {
  constructor(
    @Inject(ConnectionsRepository) private readonly connections: ConnectionsRepository,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
  ) {}

  /** @throws AppError `connection.not_found` */
  async execute(projectId: string, connectionId: string): Promise<SessionObject[]> {
    await this.connections.get(projectId, connectionId);
    const rows = await this.sessions.list(projectId, connectionId);
    return rows.map((row) => ({
      purpose: row.purpose,
      generation: row.generation,
      granted_seconds: row.grantedSeconds,
      refreshed_at: row.refreshedAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
    }));
  }
}
