import { Inject, Injectable } from '@nestjs/common';
import { newId } from '#libs/crypto';
import { Database } from '#libs/database';

/** Without a success for this long an endpoint is disabled. */
const DISABLE_AFTER = '5 days';

export interface Endpoint {
  id: string;
  projectId: string;
  url: string;
  sealedSecret: string;
  /** Only while it still signs. */
  previousSealedSecret: string | null;
  /** Turns in a row in which nothing but time-outs happened. */
  trouble: number;
  /** How long it is to be left alone, in milliseconds. */
  restMs: number;
}

export interface ClaimedDelivery {
  messageId: string;
  /** Attempts that were made. */
  attempts: number;
  payload: string;
}

/** What became of one claimed delivery. */
export interface DeliveryResult {
  messageId: string;
  /** `released`: claimed and not attempted. */
  outcome: 'success' | 'retry' | 'failed' | 'released';
  retryInMs: number;
  isGone: boolean;
  statusCode: number | undefined;
  response: string | undefined;
  error: string | undefined;
  durationMs: number;
  sentAt: Date;
}

/** What the results together say about the endpoint. */
export interface EndpointCondition {
  trouble: number;
  restMs: number;
}

/** Deliveries of all tenants, by endpoint: the worker's side. */
@Injectable()
export class SystemDeliveriesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Primary keys. @returns undefined when nothing may be sent to it: unknown, disabled, or its project is deleted */
  async findEndpoint(webhookId: string): Promise<Endpoint | undefined> {
    const { rows } = await this.database.query<Endpoint>(
      `SELECT w.id, w.project_id AS "projectId", w.endpoint AS url, w.sealed_secret AS "sealedSecret",
              CASE WHEN w.previous_secret_until > now() THEN w.previous_sealed_secret END AS "previousSealedSecret", w.trouble,
              greatest(0, coalesce(extract(epoch FROM w.rest_until - now()), 0) * 1000)::float8 AS "restMs"
       FROM webhooks w JOIN projects p ON p.id = w.project_id
       WHERE w.id = $1 AND w.status = 'enabled' AND p.deleted_at IS NULL`,
      [webhookId],
      'webhooks-endpoint',
    );
    return rows[0];
  }

  /**
   * Takes what is due. A claim that has run out belonged to a worker that died: its message may have arrived, and goes again under the
   * same id. Index webhook_deliveries_due_idx in each week's partition, then primary keys.
   */
  async claim(webhookId: string, limit: number, ttlMs: number): Promise<ClaimedDelivery[]> {
    const { rows } = await this.database.query<ClaimedDelivery>(
      `WITH due AS (
         SELECT message_id FROM webhook_deliveries
         WHERE webhook_id = $1 AND status IN ('pending', 'attempting') AND next_attempt_at <= now()
         ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ), claimed AS (
         UPDATE webhook_deliveries d SET status = 'attempting', next_attempt_at = now() + make_interval(secs => $3 / 1000.0)
         FROM due WHERE d.message_id = due.message_id AND d.webhook_id = $1
         RETURNING d.message_id, d.attempts
       )
       SELECT c.message_id AS "messageId", c.attempts, m.payload FROM claimed c JOIN webhook_messages m ON m.id = c.message_id`,
      [webhookId, limit, ttlMs],
      'webhooks-claim',
    );
    return rows;
  }

  /**
   * Writes many results, the log of the attempts and what they say about the endpoint; an endpoint that has gone, or has only failed
   * for days, is disabled, with an entry in the audit log. One statement. Primary keys.
   *
   * @returns why the endpoint was disabled now
   */
  async record(
    webhookId: string,
    results: readonly DeliveryResult[],
    condition: EndpointCondition,
  ): Promise<'gone' | 'failing' | undefined> {
    const column = <T>(pick: (result: DeliveryResult) => T): T[] => results.map(pick);
    const { rows } = await this.database.query<{ disabled_reason: 'gone' | 'failing' }>(
      `WITH r AS (
         SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::float8[], $6::smallint[], $7::text[], $8::text[], $9::int[], $10::timestamptz[])
           AS t(message_id, id, outcome, retry_secs, status_code, response, error, duration_ms, sent_at)
       ), logged AS (
         INSERT INTO webhook_attempts (message_id, id, webhook_id, status_code, response, error, duration_ms, sent_at)
         SELECT message_id, id, $1, status_code, response, error, duration_ms, sent_at FROM r WHERE outcome <> 'released'
       ), written AS (
         UPDATE webhook_deliveries d
         SET status = CASE r.outcome WHEN 'success' THEN 'success' WHEN 'failed' THEN 'failed' ELSE 'pending' END,
             attempts = d.attempts + CASE r.outcome WHEN 'released' THEN 0 ELSE 1 END,
             next_attempt_at = CASE WHEN r.outcome IN ('retry', 'released') THEN now() + make_interval(secs => r.retry_secs) END
         FROM r WHERE d.message_id = r.message_id AND d.webhook_id = $1 AND d.status = 'attempting'
       ), endpoint AS (
         SELECT id, project_id, CASE WHEN $13 THEN 'gone' WHEN $12 AND failing_since < now() - interval '${DISABLE_AFTER}' THEN 'failing' END AS reason
         FROM webhooks WHERE id = $1
       ), changed AS (
         UPDATE webhooks w
         SET failing_since = CASE WHEN $11 THEN NULL WHEN $12 THEN coalesce(w.failing_since, now()) ELSE w.failing_since END,
             trouble = $14, rest_until = CASE WHEN $15 > 0 THEN now() + make_interval(secs => $15 / 1000.0) END,
             status = CASE WHEN endpoint.reason IS NULL THEN w.status ELSE 'disabled' END,
             disabled_reason = endpoint.reason, disabled_at = CASE WHEN endpoint.reason IS NOT NULL THEN now() END,
             wake_at = CASE WHEN endpoint.reason IS NULL THEN w.wake_at END
         FROM endpoint
         WHERE w.id = endpoint.id AND w.status = 'enabled'
           AND (endpoint.reason IS NOT NULL OR ($11 AND w.failing_since IS NOT NULL) OR ($12 AND w.failing_since IS NULL) OR w.trouble <> $14 OR $15 > 0)
         RETURNING w.id, w.project_id, w.disabled_reason
       ), audited AS (
         INSERT INTO audit_entries (id, organization_id, project_id, actor, action, target, data)
         SELECT $16, p.organization_id, p.id, 'system', 'webhook.disabled', 'webhook:' || c.id, jsonb_build_object('reason', c.disabled_reason)
         FROM changed c JOIN projects p ON p.id = c.project_id WHERE c.disabled_reason IS NOT NULL
       )
       SELECT disabled_reason FROM changed WHERE disabled_reason IS NOT NULL`,
      [
        webhookId,
        column((result) => result.messageId),
        column(() => newId()),
        column((result) => result.outcome),
        column((result) => result.retryInMs / 1000),
        column((result) => result.statusCode ?? null),
        column((result) => result.response ?? null),
        column((result) => result.error ?? null),
        column((result) => result.durationMs),
        column((result) => result.sentAt),
        results.some(({ outcome }) => outcome === 'success'),
        results.some(({ outcome }) => outcome === 'retry' || outcome === 'failed') &&
          !results.some(({ outcome }) => outcome === 'success'),
        results.some(({ isGone }) => isGone),
        condition.trouble,
        condition.restMs,
        newId(),
      ],
      'webhooks-record',
    );
    return rows[0]?.disabled_reason;
  }

  /**
   * The end of a turn: says when the endpoint wants the next one. Index webhook_deliveries_due_idx.
   *
   * @returns in how many milliseconds, 0 or less for now; undefined when nothing is due any more
   */
  async finish(webhookId: string): Promise<number | undefined> {
    const { rows } = await this.database.query<{ wait_ms: number | null }>(
      `UPDATE webhooks w SET wake_at = next.at
       FROM (SELECT $1::uuid AS id, (SELECT next_attempt_at FROM webhook_deliveries
               WHERE webhook_id = $1 AND status IN ('pending', 'attempting') ORDER BY next_attempt_at LIMIT 1) AS due_at) AS due,
         LATERAL (SELECT CASE WHEN due.due_at IS NOT NULL THEN greatest(due.due_at, (SELECT rest_until FROM webhooks WHERE id = $1)) END AS at) AS next
       WHERE w.id = due.id AND w.status = 'enabled'
       RETURNING (extract(epoch FROM w.wake_at - now()) * 1000)::float8 AS wait_ms`,
      [webhookId],
      'webhooks-finish',
    );
    return rows[0]?.wait_ms ?? undefined;
  }

  /** An endpoint that gets nothing asks for nothing. Primary key. */
  async forgetWake(webhookId: string): Promise<void> {
    await this.database.query('UPDATE webhooks SET wake_at = NULL WHERE id = $1', [webhookId]);
  }
}
