import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { CapacityRow } from './capacity.repository.js';

export interface LanePage {
  limit: number;
  after?: string | undefined;
  before?: string | undefined;
  /** Only lanes in which something waits. */
  isWaiting: boolean;
}

export interface LaneRow extends CapacityRow {
  id: string;
  name: string;
  region: string;
  /** Of `queued`: those that were tried before. */
  retrying: number;
  next_scheduled_at: Date | null;
  /** When the oldest of those that are due was accepted. */
  oldest_at: Date | null;
  sending: number;
  /** There are more than were counted. */
  is_more: boolean;
  throttled_at: Date | null;
  rest_until: Date | null;
}

export interface DeadRow {
  connection_id: string;
  status: string;
  count: number;
}

/** Of each lane at most so many waiting mails are counted: a page has up to 50 lanes. */
export const LANE_COUNT_LIMIT = 50_000;
/** The newest so many dead letters of a project are counted. */
export const DEAD_COUNT_LIMIT = 10_000;

@Injectable()
export class QueueRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * One more than the limit, newest connection first. The page is cut before anything is counted: connections_project_id_idx, then for each
   * lane of the page one range of emails_due_idx. Claims are few, they are those of this moment. Of 10 000 connections only
   * "is anything waiting" is asked, and only of those up to the end of the page.
   */
  async lanes(projectId: string, page: LanePage, recoveryPerSecond: number): Promise<LaneRow[]> {
    const order = page.before === undefined ? 'DESC' : 'ASC';
    const { rows } = await this.database.query<LaneRow>(
      `WITH page AS MATERIALIZED (
         SELECT c.* FROM connections c
         WHERE c.project_id = $1 AND ($2::uuid IS NULL OR c.id < $2) AND ($3::uuid IS NULL OR c.id > $3)
           AND (c.status <> 'disconnected' AND NOT $5 OR EXISTS (
             SELECT 1 FROM emails e WHERE e.connection_id = c.id AND e.status IN ('queued', 'scheduled')))
         ORDER BY c.id ${order} LIMIT $4
       ), claimed AS (
         SELECT connection_id, sum(cardinality(email_ids))::int AS sending FROM claims
         WHERE connection_id IN (SELECT id FROM page) GROUP BY connection_id
       )
       SELECT c.id, c.name, c.region, c.status, c.capacity_share, a.max_send_rate, a.max_24_hour_send, a.sent_last_24_hours,
              a.sent_since_check, a.quota_checked_at, a.quota_blocked_until, a.next_slot_at, a.throttled_at, l.trouble, l.rest_until,
              least(1, a.rate_factor + $6 * coalesce(extract(epoch FROM now() - a.throttled_at), 1e9))::float8 AS rate_factor,
              coalesce(claimed.sending, 0) AS sending, b.*
       FROM page c JOIN lanes l ON l.connection_id = c.id LEFT JOIN ses_accounts a ON a.id = c.ses_account_id
       LEFT JOIN claimed ON claimed.connection_id = c.id
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE due_at <= now())::int AS queued,
                coalesce(sum(recipients) FILTER (WHERE due_at <= now()), 0)::int AS queued_recipients,
                count(*) FILTER (WHERE due_at > now())::int AS scheduled,
                count(*) FILTER (WHERE attempts > 0)::int AS retrying,
                min(due_at) FILTER (WHERE due_at > now()) AS next_scheduled_at,
                min(created_at) FILTER (WHERE due_at <= now()) AS oldest_at,
                count(*) >= ${LANE_COUNT_LIMIT} AS is_more
         FROM (SELECT due_at, recipients, attempts, created_at FROM emails
               WHERE connection_id = c.id AND status IN ('queued', 'scheduled') LIMIT ${LANE_COUNT_LIMIT}) AS waiting
       ) AS b
       ORDER BY c.id ${order}`,
      [projectId, page.after ?? null, page.before ?? null, page.limit + 1, page.isWaiting, recoveryPerSecond],
    );
    return rows;
  }

  /** The dead letters of a project by connection. emails_failed_idx, newest first. */
  async deadLetters(projectId: string): Promise<DeadRow[]> {
    const { rows } = await this.database.query<DeadRow>(
      `SELECT connection_id, status, count(*)::int AS count FROM (
         SELECT connection_id, status FROM emails WHERE project_id = $1 AND status IN ('failed', 'uncertain', 'expired')
         ORDER BY id DESC LIMIT ${DEAD_COUNT_LIMIT}
       ) AS dead GROUP BY connection_id, status`,
      [projectId],
    );
    return rows;
  }

  /** Primary key. */
  async hasLane(projectId: string, connectionId: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      'SELECT 1 FROM connections WHERE id = $2 AND project_id = $1',
      [projectId, connectionId],
    );
    return rowCount > 0;
  }
}
