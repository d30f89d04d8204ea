import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

/** Where a connection's events come from, as far as the intake must know. */
export interface FeedbackSource {
  connectionId: string;
  mode: string;
  status: string;
  awsAccountId: string | null;
  topicArn: string | null;
  secretHash: Buffer | null;
  /** We set signature version 2 on the topic, or have seen it there: nothing else is taken from it any more. */
  isV2Expected: boolean;
}

@Injectable()
export class SystemSourcesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Index feedback_sources_token_hash_key. */
  async find(tokenHash: Buffer): Promise<FeedbackSource | undefined> {
    const { rows } = await this.database.query<{
      connection_id: string;
      mode: string;
      status: string;
      aws_account_id: string | null;
      topic_arn: string | null;
      secret_hash: Buffer | null;
      is_v2_expected: boolean;
    }>(
      `SELECT s.connection_id, s.mode, s.status, c.aws_account_id, s.topic_arn, s.secret_hash,
              s.managed OR s.signature_v2_at IS NOT NULL AS is_v2_expected
       FROM feedback_sources s JOIN connections c ON c.id = s.connection_id WHERE s.token_hash = $1`,
      [tokenHash],
      'sources-find',
    );
    const [row] = rows;
    return (
      row && {
        connectionId: row.connection_id,
        mode: row.mode,
        status: row.status,
        awsAccountId: row.aws_account_id,
        topicArn: row.topic_arn,
        secretHash: row.secret_hash,
        isV2Expected: row.is_v2_expected,
      }
    );
  }

  /**
   * Keeps what a subscription is confirmed with, only while the set-up waits for it: a topic that asks by itself later gets no answer.
   * The ticker finds it by follow_at. Primary key. @returns whether it is waited for
   */
  async keepConfirmation(connectionId: string, topicArn: string, token: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE feedback_sources SET confirmation_token = $3, follow_at = now(), updated_at = now()
       WHERE connection_id = $1 AND topic_arn = $2 AND status IN ('setting_up', 'proving')`,
      [connectionId, topicArn, token],
    );
    return rowCount > 0;
  }

  /** The topic has signed with version 2: from now on it has to. Primary key. */
  async expectV2(connectionId: string, topicArn: string, now: Date): Promise<void> {
    await this.database.query(
      `UPDATE feedback_sources SET signature_v2_at = $3
       WHERE connection_id = $1 AND topic_arn = $2 AND signature_v2_at IS NULL`,
      [connectionId, topicArn, now],
    );
  }

  /** The subscription has been ended at AWS: nothing comes any more, and a person shall see it. Primary key. */
  async markBroken(connectionId: string, step: object): Promise<void> {
    await this.database.query(
      `UPDATE feedback_sources SET status = 'broken', updated_at = now(), steps = steps || $2::jsonb
       WHERE connection_id = $1 AND status IN ('proving', 'active')`,
      [connectionId, JSON.stringify([step])],
    );
  }
}
