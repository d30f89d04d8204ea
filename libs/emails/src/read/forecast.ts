import type { CapacityRow } from './capacity.repository.js';

/** What a connection can send now and when what waits will be gone; recipients throughout, as SES counts. */
export interface Capacity {
  object: 'capacity';
  connection_id: string;
  /** Recipients per second that this connection may use now: SES's rate, its share, braked after throttles. */
  recipients_per_second: number | null;
  /** Null: unlimited or unknown. */
  quota_24_hours: { limit: number; used: number; free: number; checked_at: string | null } | null;
  backlog: { queued: number; recipients: number; scheduled: number };
  /** When the last of the backlog goes at this pace; null while nothing is sent. */
  backlog_ends_at: string | null;
  /** When the 24-hour quota is used up at this pace, if the backlog is larger than what is free. */
  quota_ends_at: string | null;
  blocked_until: string | null;
  blocked_reason: string | null;
}

/** Pure: the arithmetic of a forecast. */
export function forecast(connectionId: string, row: CapacityRow, now: Date): Capacity {
  const rate =
    row.max_send_rate === null ? null : row.max_send_rate * row.capacity_share * (row.rate_factor ?? 1);
  const quota = quotaOf(row);
  const isBlocked = row.quota_blocked_until !== null && row.quota_blocked_until > now;
  const sends = row.status === 'active' || row.status === 'degraded';
  const startsAt = Math.max(
    now.getTime(),
    isBlocked ? (row.quota_blocked_until?.getTime() ?? 0) : 0,
    row.next_slot_at?.getTime() ?? 0,
  );
  const after = (recipients: number) =>
    rate === null || !sends ? null : new Date(startsAt + (recipients / rate) * 1000).toISOString();
  const exceedsQuota = quota !== null && row.queued_recipients > quota.free;
  return {
    object: 'capacity',
    connection_id: connectionId,
    recipients_per_second: rate,
    quota_24_hours: quota,
    backlog: { queued: row.queued, recipients: row.queued_recipients, scheduled: row.scheduled },
    // Beyond the quota SES frees recipients as the 24 hours roll on: when, only SES knows.
    backlog_ends_at: exceedsQuota ? null : after(row.queued_recipients),
    quota_ends_at: exceedsQuota && quota !== null ? after(quota.free) : null,
    blocked_until: isBlocked ? (row.quota_blocked_until?.toISOString() ?? null) : null,
    blocked_reason: blockedReason(row, sends, isBlocked),
  };
}

function quotaOf(row: CapacityRow): Capacity['quota_24_hours'] {
  if (row.max_24_hour_send === null || row.max_24_hour_send < 0) return null;
  const limit = Math.floor(row.max_24_hour_send * row.capacity_share);
  const used = (row.sent_last_24_hours ?? 0) + (row.sent_since_check ?? 0);
  return {
    limit,
    used,
    free: Math.max(0, limit - used),
    checked_at: row.quota_checked_at?.toISOString() ?? null,
  };
}

function blockedReason(row: CapacityRow, sends: boolean, isBlocked: boolean): string | null {
  if (!sends) return `connection_${row.status}`;
  if (isBlocked) return 'deferred_quota';
  return row.trouble > 0 ? 'ses_unreachable' : null;
}
