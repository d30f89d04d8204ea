import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { feedbackColumns, stepsJson, toSource, type FeedbackRow } from './feedback-row.repository.js';
import type { FeedbackSource, FeedbackStatus, FeedbackStep } from './feedback-source.js';

/** How long a due source is nobody else's: longer than its steps take. */
const leaseSeconds = 60;

/** A source as the background sees it. */
export interface FollowedSource extends FeedbackSource {
  connectionStatus: string;
  awsAccountId: string | null;
  isDisconnected: boolean;
}

/** What one look at a source leaves behind. */
export interface FollowRecord {
  status: FeedbackStatus;
  steps: readonly FeedbackStep[];
  followAt: Date | null;
  subscriptionArn: string | null;
  queueUrl: string | null;
  deadLetterUrl: string | null;
  /** What was used of the token: SNS may have sent a new one meanwhile. */
  usedToken: string | null;
}

/** Feedback sources of all tenants: for jobs and the ticker. */
@Injectable()
export class SystemFeedbackRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary keys. */
  async find(connectionId: string): Promise<FollowedSource | undefined> {
    const { rows } = await this.database.query<
      FeedbackRow & { connection_status: string; aws_account_id: string | null; disconnected_at: Date | null }
    >(
      `SELECT ${feedbackColumns}, c.status AS connection_status, c.aws_account_id, c.disconnected_at
       FROM feedback_sources f JOIN connections c ON c.id = f.connection_id WHERE f.connection_id = $1`,
      [connectionId],
    );
    const [row] = rows;
    return (
      row && {
        ...toSource(row),
        connectionStatus: row.connection_status,
        awsAccountId: row.aws_account_id,
        isDisconnected: row.disconnected_at !== null,
      }
    );
  }

  /**
   * Nothing when somebody asked for it anew meanwhile: that look follows, and at once when SNS asked for confirmation or the proof came in
   * meanwhile. The queue is asked at once when the status becomes active.
   */
  async save(seen: FeedbackSource, record: FollowRecord, now: Date): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE feedback_sources SET status = $3, steps = $4,
         follow_at = CASE WHEN confirmation_token IS DISTINCT FROM $11 OR proven_at IS DISTINCT FROM $12 THEN $10 ELSE $5::timestamptz END, subscription_arn = $6, queue_url = $7, dead_letter_url = $8,
         confirmation_token = CASE WHEN confirmation_token = $9 THEN NULL ELSE confirmation_token END,
         follow_attempts = follow_attempts + 1, updated_at = $10,
         poll_at = CASE WHEN $3 IN ('proving', 'active') AND coalesce($7, $8) IS NOT NULL THEN coalesce(poll_at, $10) ELSE poll_at END,
         active_at = coalesce(active_at, $10)
       WHERE connection_id = $1 AND follow_since = $2 AND status <> 'removing'`,
      [
        seen.connectionId,
        seen.followSince,
        record.status,
        stepsJson(record.steps),
        record.followAt,
        record.subscriptionArn,
        record.queueUrl,
        record.deadLetterUrl,
        record.usedToken,
        now,
        seen.confirmationToken,
        seen.provenAt,
      ],
    );
    return rowCount > 0;
  }

  /** Before the mail is sent: its event may be faster than SES's answer. */
  async noteProof(connectionId: string, proofId: string, now: Date): Promise<void> {
    await this.database.query(
      `UPDATE feedback_sources SET proof_id = $2, proof_sent_at = $3, proofs_sent = proofs_sent + 1, active_at = $3,
         poll_at = CASE WHEN coalesce(queue_url, dead_letter_url) IS NOT NULL THEN $3::timestamptz END
       WHERE connection_id = $1`,
      [connectionId, proofId, now],
    );
  }

  /** @returns the connections whose present proof is among them. Primary keys. */
  async proven(connectionIds: readonly string[], proofIds: readonly string[], now: Date): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `UPDATE feedback_sources f SET proven_at = greatest($3, f.proof_sent_at), last_event_at = $3, follow_at = $3
       FROM unnest($1::uuid[], $2::uuid[]) AS p(connection_id, proof_id)
       WHERE f.connection_id = p.connection_id AND f.proof_id = p.proof_id RETURNING f.connection_id AS id`,
      [connectionIds, proofIds, now],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * An address that mail of the connection may come from: of its newest accepted mail (index on (project_id, id), the newest hundred), else
   * the name of a proven domain.
   */
  async knownSender(
    projectId: string,
    connectionId: string,
  ): Promise<{ sender: string | null; domain: string | null }> {
    const { rows } = await this.database.query<{ sender: string | null; domain: string | null }>(
      `SELECT (SELECT sender FROM (
                 SELECT connection_id, sender, ses_message_id FROM emails WHERE project_id = $1 ORDER BY id DESC LIMIT 100) recent
               WHERE connection_id = $2 AND ses_message_id IS NOT NULL LIMIT 1) AS sender,
              (SELECT name FROM domains WHERE connection_id = $2 AND status = 'verified' AND deleted_at IS NULL LIMIT 1) AS domain`,
      [projectId, connectionId],
    );
    return rows[0] ?? { sender: null, domain: null };
  }

  /** Sources whose set-up is due, claimed for a minute. Partial index on follow_at. */
  async claimDue(now: Date, limit: number): Promise<string[]> {
    return this.claim('follow_at', now, limit);
  }

  /** Sources whose queue is due, claimed for a minute. Partial index on poll_at. */
  async claimDuePulls(now: Date, limit: number): Promise<string[]> {
    return this.claim('poll_at', now, limit);
  }

  async keepSteps(
    connectionId: string,
    steps: readonly FeedbackStep[],
    followAt: Date | null,
  ): Promise<void> {
    await this.database.query(
      `UPDATE feedback_sources SET steps = $2, follow_at = $3, follow_attempts = follow_attempts + 1
       WHERE connection_id = $1 AND status = 'removing'`,
      [connectionId, stepsJson(steps), followAt],
    );
  }

  /** The end of a removed source. */
  async drop(connectionId: string): Promise<void> {
    await this.database.query(
      `DELETE FROM feedback_sources WHERE connection_id = $1 AND status = 'removing'`,
      [connectionId],
    );
  }

  private async claim(column: 'follow_at' | 'poll_at', now: Date, limit: number): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `UPDATE feedback_sources SET ${column} = $1::timestamptz + make_interval(secs => $3)
       WHERE connection_id IN (
         SELECT connection_id FROM feedback_sources WHERE ${column} <= $1 ORDER BY ${column} LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING connection_id AS id`,
      [now, limit, leaseSeconds],
    );
    return rows.map(({ id }) => id);
  }
}
