import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Database } from '#libs/database';

export interface SendingConnection {
  id: string;
  status: string;
  /** Whether its role was ever proven. */
  isProven: boolean;
}

/** How long an accept may go by what it read before. */
const CACHE_MS = 1_000;

/** The connections that a project's mail can be given to, oldest first. */
@Injectable()
export class SendingConnectionsRepository {
  private readonly cache = new LRUCache<string, Promise<SendingConnection[]>>({ max: 10_000, ttl: CACHE_MS });

  constructor(@Inject(Database) private readonly database: Database) {}

  list(projectId: string): Promise<SendingConnection[]> {
    const cached = this.cache.get(projectId);
    if (cached !== undefined) return cached;
    const loading = this.load(projectId);
    this.cache.set(projectId, loading);
    loading.catch(() => this.cache.delete(projectId));
    return loading;
  }

  /** Index connections_project_id_idx. */
  private async load(projectId: string): Promise<SendingConnection[]> {
    const { rows } = await this.database.query<{ id: string; status: string; verified_at: Date | null }>(
      `SELECT id, status, verified_at FROM connections WHERE project_id = $1 AND disconnected_at IS NULL ORDER BY created_at, id`,
      [projectId],
      'accept-connections',
    );
    return rows.map((row) => ({ id: row.id, status: row.status, isProven: row.verified_at !== null }));
  }
}
