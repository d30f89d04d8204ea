import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';

/** An endpoint that was woken and got no turn is woken again after this long. */
const REWAKE_SECONDS = 5;

/** Endpoints of all tenants, for the ticker. */
@Injectable()
export class SystemWakeRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Endpoints that are due, each given to one ticker only. Index webhooks_wake_at_idx. */
  async claimDue(limit: number): Promise<string[]> {
    const { rows } = await this.database.query<{ id: string }>(
      `UPDATE webhooks SET wake_at = now() + interval '${REWAKE_SECONDS} seconds'
       WHERE id IN (SELECT id FROM webhooks WHERE wake_at <= now() ORDER BY wake_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [limit],
      'webhooks-claim-due',
    );
    return rows.map((row) => row.id);
  }

  /**
   * The net below: an endpoint without a time whose deliveries are due all the same. It takes a publisher that died between its commit
   * and its wake-up, at the moment at which a turn ended. One probe of webhook_deliveries_due_idx for each sleeping endpoint.
   */
  async wakeForgotten(): Promise<void> {
    await this.database.query(
      `UPDATE webhooks w SET wake_at = now()
       WHERE w.status = 'enabled' AND w.wake_at IS NULL AND EXISTS (
         SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.status IN ('pending', 'attempting') AND d.next_attempt_at <= now())`,
      [],
      'webhooks-wake-forgotten',
    );
  }
}
