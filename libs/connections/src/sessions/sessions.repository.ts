import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

export interface SessionSummary {
  purpose: string;
  generation: number;
  grantedSeconds: number;
  refreshedAt: Date;
  expiresAt: Date;
}

/** Sessions of one project's connections, without their secrets. */
@Injectable()
export class SessionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async list(projectId: string, connectionId: string): Promise<SessionSummary[]> {
    const { rows } = await this.database.query<SessionSummary>(
      `SELECT s.purpose, s.generation, s.granted_seconds AS "grantedSeconds", s.refreshed_at AS "refreshedAt", s.expires_at AS "expiresAt"
       FROM connection_sessions s JOIN connections c ON c.id = s.connection_id AND c.credential_epoch = s.epoch
       WHERE c.project_id = $1 AND c.id = $2 AND s.sealed_credentials IS NOT NULL ORDER BY s.purpose`,
      [projectId, connectionId],
    );
    return rows;
  }
}
