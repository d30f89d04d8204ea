import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { sendingChangedTopic } from '#libs/connections';
import { Broadcast, Database } from '#libs/database';

export interface SendingConnection {
  id: string;
  status: string;
  /** Whether its role was ever proven. */
  isProven: boolean;
}

/** A domain of the project on one of them. */
export interface SendingDomain {
  id: string;
  connectionId: string;
  /** As in `domains`, or `disabled` when it shall not send. */
  status: string;
}

/** Everything that decides through which connection a project's mail goes. */
export interface SendingPlaces {
  /** Oldest first. */
  connections: readonly SendingConnection[];
  /** By name, in ASCII and lower case. */
  domains: ReadonlyMap<string, SendingDomain>;
}

interface Row {
  id: string;
  status: string;
  verified_at: Date | null;
  domains: [name: string, id: string, status: string][] | null;
}

/** How long an accept may go by what it read before. */
const CACHE_MS = 1_000;

/** The connections that a project's mail can be given to, and the domains that are at home there. */
@Injectable()
export class SendingConnectionsRepository {
  private readonly cache = new LRUCache<string, Promise<SendingPlaces>>({ max: 10_000, ttl: CACHE_MS });

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Broadcast) broadcast: Pick<Broadcast, 'on' | 'onGap'>,
  ) {
    broadcast.on(sendingChangedTopic, (projectId) => this.cache.delete(projectId));
    broadcast.onGap(() => this.cache.clear());
  }

  read(projectId: string): Promise<SendingPlaces> {
    const cached = this.cache.get(projectId);
    if (cached !== undefined) return cached;
    const loading = this.load(projectId);
    this.cache.set(projectId, loading);
    loading.catch(() => {
      if (this.cache.peek(projectId) === loading) this.cache.delete(projectId);
    });
    return loading;
  }

  /** Indexes connections_project_id_idx and domains_connection_id_idx. */
  private async load(projectId: string): Promise<SendingPlaces> {
    const { rows } = await this.database.query<Row>(
      `SELECT c.id, c.status, c.verified_at,
         (SELECT jsonb_agg(jsonb_build_array(d.name, d.id, CASE WHEN d.sending THEN d.status ELSE 'disabled' END))
          FROM domains d WHERE d.connection_id = c.id AND d.deleted_at IS NULL) AS domains
       FROM connections c WHERE c.project_id = $1 AND c.disconnected_at IS NULL ORDER BY c.created_at, c.id`,
      [projectId],
      'accept-connections',
    );
    return {
      connections: rows.map((row) => ({
        id: row.id,
        status: row.status,
        isProven: row.verified_at !== null,
      })),
      domains: new Map(
        rows.flatMap(({ id: connectionId, domains }) =>
          (domains ?? []).map(([name, id, status]) => [name, { id, connectionId, status }] as const),
        ),
      ),
    };
  }
}
