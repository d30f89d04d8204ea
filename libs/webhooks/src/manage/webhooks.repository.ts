import { Inject, Injectable } from '@nestjs/common';
import { appendAudit, Database } from '#libs/database';

export interface WebhookRecord {
  id: string;
  endpoint: string;
  events: string[];
  status: 'enabled' | 'disabled';
  sealedSecret: string;
  previousSecretUntil: Date | null;
  failingSince: Date | null;
  disabledReason: string | null;
  disabledAt: Date | null;
  createdAt: Date;
}

export interface NewWebhook {
  id: string;
  endpoint: string;
  events: readonly string[];
  sealedSecret: string;
}

export interface WebhookChanges {
  endpoint: string | undefined;
  events: readonly string[] | undefined;
  status: 'enabled' | 'disabled' | undefined;
}

export interface ListPage {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
}

const columns = `id, endpoint, events, status, sealed_secret AS "sealedSecret", previous_secret_until AS "previousSecretUntil",
  failing_since AS "failingSince", disabled_reason AS "disabledReason", disabled_at AS "disabledAt", created_at AS "createdAt"`;

/** A project's endpoints. Each change carries its audit entry. Index (project_id, id) and primary keys. */
@Injectable()
export class WebhooksRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async count(projectId: string): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM webhooks WHERE project_id = $1',
      [projectId],
    );
    return rows[0]?.count ?? 0;
  }

  async create(projectId: string, actor: string, webhook: NewWebhook): Promise<void> {
    await this.database.transaction(async (sql) => {
      await sql.query(
        'INSERT INTO webhooks (id, project_id, endpoint, events, sealed_secret) VALUES ($1, $2, $3, $4, $5)',
        [webhook.id, projectId, webhook.endpoint, webhook.events, webhook.sealedSecret],
      );
      await appendAudit(
        sql,
        projectId,
        `webhook:${webhook.id}`,
        { actor, action: 'webhook.created' },
        { events: webhook.events },
      );
    });
  }

  async find(projectId: string, id: string): Promise<WebhookRecord | undefined> {
    const { rows } = await this.database.query<WebhookRecord>(
      `SELECT ${columns} FROM webhooks WHERE id = $2 AND project_id = $1`,
      [projectId, id],
    );
    return rows[0];
  }

  /** One more than the limit, newest first (with `before`: oldest first), so that the caller sees whether there are more. */
  async list(projectId: string, { limit, after, before }: ListPage): Promise<WebhookRecord[]> {
    const { rows } = await this.database.query<WebhookRecord>(
      `SELECT ${columns} FROM webhooks
       WHERE project_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::uuid IS NULL OR id > $3)
       ORDER BY id ${before === undefined ? 'DESC' : 'ASC'} LIMIT $4`,
      [projectId, after ?? null, before ?? null, limit + 1],
    );
    return rows;
  }

  /** Enabling forgets what was wrong, and what is due goes on. @returns whether there was such an endpoint */
  update(projectId: string, id: string, actor: string, changes: WebhookChanges): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `UPDATE webhooks SET
           endpoint = coalesce($3, endpoint), events = coalesce($4::text[], events), status = coalesce($5, status),
           disabled_reason = CASE WHEN $5 = 'enabled' THEN NULL WHEN $5 = 'disabled' AND status = 'enabled' THEN 'by_request' ELSE disabled_reason END,
           disabled_at = CASE WHEN $5 = 'enabled' THEN NULL WHEN $5 = 'disabled' AND status = 'enabled' THEN now() ELSE disabled_at END,
           failing_since = CASE WHEN $5 = 'enabled' AND status = 'disabled' THEN NULL ELSE failing_since END,
           trouble = CASE WHEN $5 = 'enabled' OR $3 IS NOT NULL THEN 0 ELSE trouble END,
           rest_until = CASE WHEN $5 = 'enabled' OR $3 IS NOT NULL THEN NULL ELSE rest_until END,
           wake_at = CASE coalesce($5, status) WHEN 'enabled' THEN now() END
         WHERE id = $2 AND project_id = $1`,
        [projectId, id, changes.endpoint ?? null, changes.events ?? null, changes.status ?? null],
      );
      if (rowCount === 0) return false;
      await appendAudit(
        sql,
        projectId,
        `webhook:${id}`,
        { actor, action: 'webhook.updated' },
        {
          ...(changes.endpoint !== undefined && { endpoint_changed: true }),
          ...(changes.events !== undefined && { events: changes.events }),
          ...(changes.status !== undefined && { status: changes.status }),
        },
      );
      return true;
    });
  }

  /** What it had still to get goes with the retention of its messages. @returns whether there was such an endpoint */
  remove(projectId: string, id: string, actor: string): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const { rowCount } = await sql.query('DELETE FROM webhooks WHERE id = $2 AND project_id = $1', [
        projectId,
        id,
      ]);
      if (rowCount === 0) return false;
      await appendAudit(sql, projectId, `webhook:${id}`, { actor, action: 'webhook.deleted' }, {});
      return true;
    });
  }

  /**
   * @param seen the sealed secret that becomes the previous one
   * @returns false when it is not the current one any more
   */
  replaceSecret(
    projectId: string,
    id: string,
    actor: string,
    seen: string,
    next: { sealed: string; previousSealed: string; previousForMs: number },
  ): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `UPDATE webhooks SET sealed_secret = $4, previous_sealed_secret = $5, previous_secret_until = now() + make_interval(secs => $6 / 1000.0)
         WHERE id = $2 AND project_id = $1 AND sealed_secret = $3`,
        [projectId, id, seen, next.sealed, next.previousSealed, next.previousForMs],
      );
      if (rowCount === 0) return false;
      await appendAudit(sql, projectId, `webhook:${id}`, { actor, action: 'webhook.secret_rotated' }, {});
      return true;
    });
  }
}
