import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

export interface CapacityRow {
  status: string;
  capacity_share: number;
  max_send_rate: number | null;
  max_24_hour_send: number | null;
  sent_last_24_hours: number | null;
  sent_since_check: number | null;
  quota_checked_at: Date | null;
  quota_blocked_until: Date | null;
  /** Effective share of the full rate, 0-1, after throttles. */
  rate_factor: number | null;
  next_slot_at: Date | null;
  trouble: number;
  queued: number;
  queued_recipients: number;
  scheduled: number;
}

/** At most so many mails are counted: a forecast needs no exact millions. */
const COUNT_LIMIT = 1_000_000;

@Injectable()
export class CapacityRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary keys; the backlog is one range of emails_due_idx. */
  async find(
    projectId: string,
    connectionId: string,
    recoveryPerSecond: number,
  ): Promise<CapacityRow | undefined> {
    const { rows } = await this.database.query<CapacityRow>(
      `SELECT c.status, c.capacity_share, a.max_send_rate, a.max_24_hour_send, a.sent_last_24_hours, a.sent_since_check,
              a.quota_checked_at, a.quota_blocked_until, a.next_slot_at, l.trouble,
              least(1, a.rate_factor + $3 * coalesce(extract(epoch FROM now() - a.throttled_at), 1e9))::float8 AS rate_factor,
              b.queued, b.queued_recipients, b.scheduled
       FROM connections c JOIN lanes l ON l.connection_id = c.id LEFT JOIN ses_accounts a ON a.id = c.ses_account_id
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE due_at <= now())::int AS queued,
                coalesce(sum(recipients) FILTER (WHERE due_at <= now()), 0)::int AS queued_recipients,
                count(*) FILTER (WHERE due_at > now())::int AS scheduled
         FROM (SELECT due_at, recipients FROM emails WHERE connection_id = c.id AND status IN ('queued', 'scheduled') LIMIT ${COUNT_LIMIT}) AS waiting
       ) AS b
       WHERE c.id = $2 AND c.project_id = $1`,
      [projectId, connectionId, recoveryPerSecond],
    );
    return rows[0];
  }
}
