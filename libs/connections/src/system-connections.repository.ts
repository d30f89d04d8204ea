import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { appendAudit } from './audit.repository.js';
import type { AuditNote } from './connection-change.js';
import { toConnection, toView, type ConnectionView } from './connection-row.repository.js';
import type { Connection, SessionReason } from './connection.js';

/** How long a claimed check is nobody else's: longer than a round of checks takes. */
const checkLeaseSeconds = 30;

/** Connections of all tenants: for jobs, tickers and the broker. */
@Injectable()
export class SystemConnectionsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async find(id: string): Promise<Connection | null> {
    const row = await this.database.prisma.connection.findUnique({ where: { id } });
    return row && toConnection(row);
  }

  async view(id: string): Promise<ConnectionView | null> {
    const row = await this.database.asOfOneMoment((tx) =>
      tx.connection.findUnique({
        where: { id },
        include: { checks: true, sesAccount: true },
      }),
    );
    return row && toView(row);
  }

  /**
   * Connections whose checks are due, for the ticker; claimed for 30 s by moving next_check_at, so that the tickers
   * of many workers do not add the same job. Served by the index on next_check_at.
   */
  async claimDueChecks(now: Date, limit: number): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `UPDATE connections SET next_check_at = $1::timestamptz + make_interval(secs => $3)
       WHERE id IN (
         SELECT id FROM connections
         WHERE next_check_at <= $1 AND status <> 'disconnected' AND role_arn IS NOT NULL
         ORDER BY next_check_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [now, limit, checkLeaseSeconds],
    );
    return rows.map((row) => row.id);
  }

  /** Lets the ticker find the connection now. */
  async checkSoon(id: string, now: Date): Promise<void> {
    await this.database.query(
      `UPDATE connections SET next_check_at = LEAST(next_check_at, $2) WHERE id = $1 AND status <> 'disconnected'`,
      [id, now],
    );
  }

  /** What STS granted, unless the role or the wish have changed meanwhile. */
  async recordDuration(
    seen: Connection,
    grantedSeconds: number,
    reason: SessionReason | null,
  ): Promise<void> {
    await this.database.prisma.connection.updateMany({
      where: {
        id: seen.id,
        credentialEpoch: seen.credentialEpoch,
        requestedSessionSeconds: seen.requestedSessionSeconds,
      },
      data: { grantedSessionSeconds: grantedSeconds, sessionReason: reason },
    });
  }

  async audit(connection: Connection, note: AuditNote, now: Date): Promise<void> {
    await appendAudit(this.database.prisma, connection.projectId, connection.id, note, now);
  }

  /**
   * The From of the newest mail of this project on this connection: the best address to prove permissions with.
   * Served by the index on (project_id, id); looks at the newest 100 mails of the project.
   */
  async recentSender(projectId: string, connectionId: string): Promise<string | null> {
    const { rows } = await this.database.query<{ sender: string }>(
      `SELECT sender FROM (
         SELECT connection_id, sender FROM emails WHERE project_id = $1 ORDER BY id DESC LIMIT 100) recent
       WHERE connection_id = $2 LIMIT 1`,
      [projectId, connectionId],
    );
    return rows[0]?.sender ?? null;
  }
}
