import { Inject, Injectable } from '@nestjs/common';
import type { SesAccountState } from '#libs/aws';
import { Database } from '#libs/database';

/** How long a rate stays braked at the least before it begins to come back. */
const BRAKE_PAUSE_MS = 1_000;
/** GetAccount is asked this often while a lane sends. */
const QUOTA_MAX_AGE_SECONDS = 60;

/** SQL: whether it is time to ask GetAccount: the last answer is old, or a block has ended since. */
export const quotaIsOldSql = (table: string): string =>
  `(${table}.quota_checked_at IS NULL OR ${table}.quota_checked_at < now() - make_interval(secs => ${QUOTA_MAX_AGE_SECONDS})
    OR (${table}.quota_blocked_until <= now() AND ${table}.quota_checked_at < ${table}.quota_blocked_until))`;

/** The pace and quota of SES accounts: cross-tenant by nature, since several connections share one account. */
@Injectable()
export class SystemSesAccountRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * SES refused for going too fast: everybody on this account pauses a second and goes on at 70 % of the rate, which
   * then comes back slowly. Throttles within the same second are one event. Primary key.
   *
   * @returns whether this call braked
   */
  async brake(sesAccountId: string, recoveryPerSecond: number): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE ses_accounts
       SET rate_factor = greatest(0.02, 0.7 * least(1, rate_factor + $2 * coalesce(extract(epoch FROM now() - throttled_at), 1e9))),
           throttled_at = now(),
           next_slot_at = greatest(coalesce(next_slot_at, now()), now() + make_interval(secs => ${BRAKE_PAUSE_MS / 1000}))
       WHERE id = $1 AND (throttled_at IS NULL OR throttled_at < now() - make_interval(secs => ${BRAKE_PAUSE_MS / 1000}))`,
      [sesAccountId, recoveryPerSecond],
      'ses-account-brake',
    );
    return rowCount > 0;
  }

  /** The 24-hour quota is used up: nothing is sent for this account until then. Primary key. */
  async blockQuota(sesAccountId: string, forMs: number): Promise<void> {
    await this.database.query(
      `UPDATE ses_accounts SET quota_blocked_until = now() + make_interval(secs => $2 / 1000.0)
       WHERE id = $1 AND (quota_blocked_until IS NULL OR quota_blocked_until <= now())`,
      [sesAccountId, forMs],
      'ses-account-block-quota',
    );
  }

  /** Takes the right to ask GetAccount now: one process at a time, and only when it is time. */
  async claimQuotaCheck(sesAccountId: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `UPDATE ses_accounts SET quota_checked_at = now()
       WHERE id = $1 AND ${quotaIsOldSql('ses_accounts')}`,
      [sesAccountId],
      'ses-account-claim-check',
    );
    return rowCount > 0;
  }

  async storeQuota(sesAccountId: string, state: SesAccountState): Promise<void> {
    await this.database.query(
      `UPDATE ses_accounts SET production_access = $2, sending_enabled = $3, enforcement_status = $4, max_send_rate = $5,
              max_24_hour_send = $6, sent_last_24_hours = $7, sent_since_check = 0, quota_checked_at = now()
       WHERE id = $1`,
      [
        sesAccountId,
        state.productionAccess,
        state.sendingEnabled,
        state.enforcementStatus,
        state.maxSendRate,
        state.max24HourSend,
        state.sentLast24Hours,
      ],
      'ses-account-store-quota',
    );
  }
}
