import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database } from './database.js';

/** A process counts as there while its last sign of life is younger than this. */
export const HEARTBEAT_FRESH_SECONDS = 15;

/** Which processes of the installation are there. */
@Injectable()
export class HeartbeatsRepository {
  readonly processId = newId();
  private readonly startedAt = new Date();

  constructor(@Inject(Database) private readonly database: Database) {}

  /** Says that this process lives; also forgets those that ended long ago. */
  async beat(service: string): Promise<void> {
    await this.database.query(
      `WITH gone AS (DELETE FROM process_heartbeats WHERE last_seen_at < now() - interval '1 day')
       INSERT INTO process_heartbeats (id, service, host, pid, started_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, now())
       ON CONFLICT (id) DO UPDATE SET last_seen_at = now()`,
      [this.processId, service, hostname(), process.pid, this.startedAt],
      'heartbeat',
    );
  }

  /** Says that this process has ended. */
  async leave(): Promise<void> {
    await this.database.query('DELETE FROM process_heartbeats WHERE id = $1', [this.processId]);
  }

  /** How many processes of a service are there. */
  async count(service: string): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM process_heartbeats
       WHERE service = $1 AND last_seen_at > now() - interval '${HEARTBEAT_FRESH_SECONDS} seconds'`,
      [service],
      'heartbeat-count',
    );
    return rows[0]?.count ?? 0;
  }
}
