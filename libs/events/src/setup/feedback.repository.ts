import { Inject, Injectable } from '@nestjs/common';
import { appendAudit, Database, type Sql, type AuditNote } from '#libs/database';
import { feedbackNotFound } from './feedback-errors.js';
import { feedbackColumns, toSource, trackingJson, type FeedbackRow } from './feedback-row.repository.js';
import type { FeedbackMode, FeedbackSource, Tracking } from './feedback-source.js';

export interface NewFeedbackSource {
  connectionId: string;
  mode: FeedbackMode;
  isManaged: boolean;
  region: string;
  configurationSet: string;
  topicArn: string | null;
  queueUrl: string | null;
  tokenHash: Buffer | null;
  sealedToken: string | null;
  secretHash: Buffer | null;
  sealedSecret: string | null;
}

/** Feedback sources of one project. */
@Injectable()
export class FeedbackRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary key. */
  async find(projectId: string, connectionId: string): Promise<FeedbackSource | undefined> {
    const { rows } = await this.database.query<FeedbackRow>(
      `SELECT ${feedbackColumns} FROM feedback_sources f WHERE f.connection_id = $2 AND f.project_id = $1`,
      [projectId, connectionId],
    );
    const [row] = rows;
    return row && toSource(row);
  }

  /** @throws AppError `feedback.not_found` */
  async get(projectId: string, connectionId: string): Promise<FeedbackSource> {
    const found = await this.find(projectId, connectionId);
    if (found === undefined) throw feedbackNotFound();
    return found;
  }

  /** Due at once. @returns false when the connection has one already */
  async insert(projectId: string, source: NewFeedbackSource, audit: AuditNote): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const { rowCount } = await sql.query(
        `INSERT INTO feedback_sources (connection_id, project_id, mode, managed, region, configuration_set, topic_arn, queue_url,
           token_hash, sealed_token, secret_hash, sealed_secret, created_at, updated_at, follow_since, follow_at)
         SELECT id, project_id, $3, $4, region, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12, $12
         FROM connections WHERE id = $2 AND project_id = $1
         ON CONFLICT (connection_id) DO NOTHING`,
        [
          projectId,
          source.connectionId,
          source.mode,
          source.isManaged,
          source.configurationSet,
          source.topicArn,
          source.queueUrl,
          source.tokenHash,
          source.sealedToken,
          source.secretHash,
          source.sealedSecret,
          audit.at,
        ],
      );
      if (rowCount === 0) return false;
      await appendAudit(sql, projectId, `connection:${source.connectionId}`, audit, {
        mode: source.mode,
        managed: source.isManaged,
      });
      return true;
    });
  }

  /** Takes every step again, the proof too; mail goes on as it does. @throws AppError `feedback.not_found` */
  async restart(projectId: string, connectionId: string, audit: AuditNote): Promise<void> {
    await this.change(projectId, connectionId, audit, {}, (sql) =>
      sql.query(
        `UPDATE feedback_sources SET status = 'setting_up', steps = '[]', follow_since = $3, follow_at = $3, follow_attempts = 0,
           proof_id = NULL, proof_sent_at = NULL, proofs_sent = 0, updated_at = $3
         WHERE connection_id = $2 AND project_id = $1 AND status <> 'removing'`,
        [projectId, connectionId, audit.at],
      ),
    );
  }

  /** The steps are taken again, so that AWS is as the settings say; what was proven stays proven. @throws AppError `feedback.not_found` */
  async changeTracking(
    projectId: string,
    connectionId: string,
    tracking: Tracking,
    audit: AuditNote,
  ): Promise<void> {
    await this.change(projectId, connectionId, audit, tracking, (sql) =>
      sql.query(
        `UPDATE feedback_sources SET tracking = $4, follow_since = $3, follow_at = $3, follow_attempts = 0, updated_at = $3
         WHERE connection_id = $2 AND project_id = $1 AND status <> 'removing'`,
        [projectId, connectionId, audit.at, trackingJson(tracking)],
      ),
    );
  }

  /**
   * No new mail carries the configuration set from now on; `followAt` is when the last one that does has left.
   *
   * @throws AppError `feedback.not_found`
   */
  async remove(projectId: string, connectionId: string, followAt: Date, audit: AuditNote): Promise<void> {
    await this.change(projectId, connectionId, audit, {}, (sql) =>
      sql.query(
        `UPDATE feedback_sources SET status = 'removing', follow_since = $3, follow_at = $4, follow_attempts = 0, updated_at = $3,
           poll_at = NULL
         WHERE connection_id = $2 AND project_id = $1`,
        [projectId, connectionId, audit.at, followAt],
      ),
    );
  }

  private async change(
    projectId: string,
    connectionId: string,
    audit: AuditNote,
    data: object,
    update: (sql: Sql) => Promise<{ rowCount: number }>,
  ): Promise<void> {
    await this.database.transaction(async (sql) => {
      const { rowCount } = await update(sql);
      if (rowCount === 0) throw feedbackNotFound();
      await appendAudit(sql, projectId, `connection:${connectionId}`, audit, data);
    });
  }
}
