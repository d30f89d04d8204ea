import { Inject, Injectable } from '@nestjs/common';
import { sendingChangedTopic } from '#libs/connections';
import {
  appendAudit,
  Broadcast,
  Database,
  isUniqueViolation,
  type Sql,
  type AuditNote,
} from '#libs/database';
import { alreadyRegistered, domainNotFound } from './domain-errors.js';
import { domainColumns, toDomain, type DomainRow } from './domain-row.repository.js';
import type { Domain, DomainSettings } from './domain.js';

export interface NewDomain extends DomainSettings {
  id: string;
  connectionId: string;
  name: string;
  returnPath: string;
  createdAt: Date;
}

export interface DomainPage {
  limit: number;
  after: string | undefined;
  before: string | undefined;
}

/** Domains of one project. */
@Injectable()
export class DomainsRepository {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'send'>,
  ) {}

  /** Due at once. @throws AppError `domain.already_registered` */
  async insert(projectId: string, domain: NewDomain, audit: AuditNote): Promise<void> {
    try {
      await this.database.transaction(async (sql) => {
        await sql.query(
          `INSERT INTO domains (id, project_id, connection_id, name, return_path, sending, receiving, open_tracking, click_tracking,
                                tracking_subdomain, tls, created_at, verifying_since, next_check_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12)`,
          [
            domain.id,
            projectId,
            domain.connectionId,
            domain.name,
            domain.returnPath,
            domain.sending,
            domain.receiving,
            domain.openTracking,
            domain.clickTracking,
            domain.trackingSubdomain,
            domain.tls,
            domain.createdAt,
          ],
        );
        await this.note(sql, projectId, domain.id, audit, { name: domain.name });
      });
    } catch (error) {
      throw isUniqueViolation(error) ? alreadyRegistered(domain.name) : error;
    }
  }

  /** Primary keys. @throws AppError `domain.not_found` */
  async get(projectId: string, id: string): Promise<Domain> {
    const { rows } = await this.database.query<DomainRow>(
      `SELECT ${domainColumns} FROM domains d JOIN connections c ON c.id = d.connection_id
       WHERE d.id = $2 AND d.project_id = $1 AND d.deleted_at IS NULL`,
      [projectId, id],
    );
    const [row] = rows;
    if (row === undefined) throw domainNotFound();
    return toDomain(row);
  }

  /** One more than the limit, newest first (oldest first from `before`). Index domains_project_id_name_key. */
  async list(projectId: string, { limit, after, before }: DomainPage): Promise<Domain[]> {
    const { rows } = await this.database.query<DomainRow>(
      `SELECT ${domainColumns} FROM domains d JOIN connections c ON c.id = d.connection_id
       WHERE d.project_id = $1 AND d.deleted_at IS NULL AND ($2::uuid IS NULL OR d.id < $2) AND ($3::uuid IS NULL OR d.id > $3)
       ORDER BY d.id ${before === undefined ? 'DESC' : 'ASC'} LIMIT $4`,
      [projectId, after ?? null, before ?? null, limit + 1],
    );
    return rows.map(toDomain);
  }

  /** @throws AppError `domain.not_found` */
  async update(
    projectId: string,
    id: string,
    settings: DomainSettings,
    audit: AuditNote,
    publish: (sql: Sql) => Promise<string[]>,
  ): Promise<string[]> {
    return this.database.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `UPDATE domains SET sending = $3, receiving = $4, open_tracking = $5, click_tracking = $6, tracking_subdomain = $7, tls = $8
         WHERE id = $2 AND project_id = $1 AND deleted_at IS NULL`,
        [
          projectId,
          id,
          settings.sending,
          settings.receiving,
          settings.openTracking,
          settings.clickTracking,
          settings.trackingSubdomain,
          settings.tls,
        ],
      );
      if (rowCount === 0) throw domainNotFound();
      await this.note(sql, projectId, id, audit, settings);
      return publish(sql);
    });
  }

  /**
   * Waits for its records anew and makes it due at once. What sends keeps its status.
   *
   * @throws AppError `domain.not_found`
   */
  async verify(projectId: string, id: string, audit: AuditNote): Promise<void> {
    await this.database.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `UPDATE domains SET verifying_since = $3, next_check_at = $3,
           status = CASE WHEN status IN ('failed', 'temporary_failure') THEN 'pending' ELSE status END
         WHERE id = $2 AND project_id = $1 AND deleted_at IS NULL`,
        [projectId, id, audit.at],
      );
      if (rowCount === 0) throw domainNotFound();
      await this.note(sql, projectId, id, audit, {});
    });
  }

  /** Gone for the project; due at once, so that its identity is taken out of SES. @throws AppError `domain.not_found` */
  async remove(
    projectId: string,
    id: string,
    audit: AuditNote,
    publish: (sql: Sql) => Promise<string[]>,
  ): Promise<string[]> {
    return this.database.transaction(async (sql) => {
      const { rows } = await sql.query<{ name: string }>(
        `UPDATE domains SET deleted_at = $3, next_check_at = $3
         WHERE id = $2 AND project_id = $1 AND deleted_at IS NULL RETURNING name`,
        [projectId, id, audit.at],
      );
      const [row] = rows;
      if (row === undefined) throw domainNotFound();
      await this.note(sql, projectId, id, audit, { name: row.name });
      return publish(sql);
    });
  }

  /** What every change leaves: an entry in the audit log, and word for those who accept mail. */
  private async note(sql: Sql, projectId: string, id: string, audit: AuditNote, data: object): Promise<void> {
    await appendAudit(sql, projectId, `domain:${id}`, audit, data);
    await this.broadcast.send(sendingChangedTopic, projectId, sql);
  }
}
