import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

/** A lane that was woken and is not drained is woken again after this long. */
const REWAKE_SECONDS = 5;

export interface Recovered {
  connectionIds: string[];
  requeued: number;
  uncertain: number;
  /** The uncertain ones, with their projects. */
  uncertainEmails: { projectId: string; emailId: string }[];
}

/** Lanes and claims of all tenants, for the ticker. */
@Injectable()
export class SystemLanesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Lanes that are due, each given to one ticker only: their next wake-up moves a few seconds ahead. Index
   * lanes_wake_at_idx; an idle lane has no wake_at and is not in it.
   */
  async claimDue(limit: number): Promise<string[]> {
    const { rows } = await this.database.query<{ connection_id: string }>(
      `UPDATE lanes SET wake_at = now() + interval '${REWAKE_SECONDS} seconds'
       WHERE connection_id IN (SELECT connection_id FROM lanes WHERE wake_at <= now() ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING connection_id`,
      [limit],
      'lanes-claim-due',
    );
    return rows.map((row) => row.connection_id);
  }

  /**
   * Takes back what dead workers had claimed. The claim was committed before SES was called, and SES has no idempotency
   * token: each of these mails may have been sent. The project's choice decides: again, or stop and say so. `claim_id`
   * stays, so that a worker which was only slow can still record what it sent. Index claims_expires_at_idx, then
   * primary keys.
   */
  async recoverExpiredClaims(limit: number): Promise<Recovered> {
    const { rows } = await this.database.query<{
      connection_id: string;
      project_id: string;
      status: string;
      count: number;
      uncertain_ids: string[] | null;
    }>(
      `WITH dead AS (
         DELETE FROM claims WHERE id IN (SELECT id FROM claims WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id, connection_id, email_ids
       ), lost AS (
         SELECT d.id AS claim_id, d.connection_id, p.delivery, unnest(d.email_ids) AS email_id
         FROM dead d JOIN connections c ON c.id = d.connection_id JOIN projects p ON p.id = c.project_id
       ), changed AS (
         UPDATE emails e
         SET status = CASE WHEN lost.delivery = 'at_most_once' THEN 'uncertain' ELSE 'queued' END,
             due_at = now(), error_name = 'WorkerLost',
             error_message = 'The worker that was sending this email ended before it could record the answer of Amazon SES.',
             error_remedy = CASE WHEN lost.delivery = 'at_most_once' THEN 'Amazon SES may have sent this email. Send it again only if a duplicate does no harm.' END
         FROM lost WHERE e.id = lost.email_id AND e.claim_id = lost.claim_id AND e.status = 'sending'
         RETURNING e.id, e.connection_id, e.project_id, e.status
       ), attempts_made AS (
         INSERT INTO attempts (email_id, started_at, outcome, error_name, error_message, duration_ms)
         SELECT id, now(), 'uncertain', 'WorkerLost', 'The worker ended before it could record an answer.', 0 FROM changed
         ON CONFLICT DO NOTHING
       ), woken AS (
         UPDATE lanes SET wake_at = now() WHERE connection_id IN (SELECT connection_id FROM changed) AND (wake_at IS NULL OR wake_at > now())
       )
       SELECT connection_id, project_id, status, count(*)::int AS count, array_agg(id) FILTER (WHERE status = 'uncertain') AS uncertain_ids
       FROM changed GROUP BY connection_id, project_id, status`,
      [limit],
      'lanes-recover-claims',
    );
    const sum = (status: string) =>
      rows.filter((row) => row.status === status).reduce((total, row) => total + row.count, 0);
    return {
      connectionIds: [...new Set(rows.map((row) => row.connection_id))],
      requeued: sum('queued'),
      uncertain: sum('uncertain'),
      uncertainEmails: rows.flatMap(({ project_id: projectId, uncertain_ids: ids }) =>
        (ids ?? []).map((emailId) => ({ projectId, emailId })),
      ),
    };
  }
}
