import { recipientStatuses, type RecipientView } from './recipient-statuses.js';

/** An email as the API shows it; times are ISO 8601. */
export interface EmailView {
  object: 'email';
  id: string;
  message_id: string | null;
  to: string[];
  from: string;
  created_at: string;
  subject: string;
  html: string | null;
  text: string | null;
  cc: string[];
  bcc: string[];
  reply_to: string[];
  last_event: string;
  scheduled_at: string | null;
  expires_at: string | null;
  tags: { name: string; value: string }[];
  status: string;
  connection_id: string;
  ses_message_id: string | null;
  sent_at: string | null;
  attempts: number;
  next_attempt_at: string | null;
  deferred_reason: string | null;
  error: { name: string; message: string; remedy: string | null } | null;
  /** What became of each recipient; `status` shows what matters most of them. */
  recipients: RecipientView[];
  events: { type: string; at: string; recipient: string | null; data: unknown }[];
}

export type EmailListItem = Pick<
  EmailView,
  'id' | 'message_id' | 'from' | 'to' | 'created_at' | 'subject' | 'last_event' | 'scheduled_at' | 'status'
> & {
  cc: string[] | null;
  bcc: string[] | null;
  reply_to: string[] | null;
};

export interface EmailRow {
  id: string;
  status: string;
  sender: string;
  addresses: { to: string[]; cc: string[]; bcc: string[]; reply_to: string[] };
  subject: string;
  tags: { name: string; value: string }[];
  connection_id: string;
  region: string;
  attempts: number;
  due_at: Date;
  scheduled_at: Date | null;
  expires_at: Date | null;
  sent_at: Date | null;
  ses_message_id: string | null;
  error_name: string | null;
  error_message: string | null;
  error_remedy: string | null;
  created_at: Date;
  /** 0 nothing known, 1 opened, 2 clicked. */
  engagement: number;
}

export interface EmailDetailRow extends EmailRow {
  payload: string | null;
  original: { html?: string; text?: string } | null;
  connection_status: string;
  /** Whether Sesame paused it by itself. */
  is_paused_by_us: boolean;
  quota_blocked_until: Date | null;
  throttled_at: Date | null;
}

export interface EmailEvent {
  type: string;
  at: Date;
  recipient: string | null;
  data: unknown;
}

/** The RFC Message-ID that SES puts on the mail (source: SES developer guide, header fields). */
function messageIdHeader(sesMessageId: string | null, region: string): string | null {
  if (sesMessageId === null) return null;
  return `<${sesMessageId}@${region === 'us-east-1' ? 'email' : region}.amazonses.com>`;
}

/** Resend's words for our states. */
const lastEvents: Readonly<Record<string, string>> = {
  sending: 'queued',
  uncertain: 'failed',
  expired: 'failed',
};

/** What somebody did with a mail is its last event, unless something went wrong with it. */
function lastEvent({ status, engagement }: EmailRow): string {
  const isWell = status === 'sent' || status === 'delivery_delayed' || status === 'delivered';
  if (isWell && engagement > 0) return engagement === 2 ? 'clicked' : 'opened';
  return lastEvents[status] ?? status;
}

export function presentListItem(row: EmailRow): EmailListItem {
  const { addresses } = row;
  const orNull = (list: string[]) => (list.length === 0 ? null : list);
  return {
    id: row.id,
    message_id: messageIdHeader(row.ses_message_id, row.region),
    from: row.sender,
    to: addresses.to,
    cc: orNull(addresses.cc),
    bcc: orNull(addresses.bcc),
    reply_to: orNull(addresses.reply_to),
    created_at: row.created_at.toISOString(),
    subject: row.subject,
    last_event: lastEvent(row),
    scheduled_at: row.scheduled_at?.toISOString() ?? null,
    status: row.status,
  };
}

export function presentEmail(
  row: EmailDetailRow,
  events: readonly EmailEvent[],
  now: Date,
  /** Of a message that was submitted as it is. */
  raw?: Body,
): EmailView {
  const body = raw ?? readBody(row);
  const isWaiting = row.status === 'queued' || row.status === 'scheduled';
  return {
    ...presentListItem(row),
    object: 'email',
    cc: row.addresses.cc,
    bcc: row.addresses.bcc,
    reply_to: row.addresses.reply_to,
    html: body.html,
    text: body.text,
    expires_at: row.expires_at?.toISOString() ?? null,
    tags: row.tags,
    connection_id: row.connection_id,
    ses_message_id: row.ses_message_id,
    sent_at: row.sent_at?.toISOString() ?? null,
    attempts: row.attempts,
    next_attempt_at: isWaiting ? nextAttempt(row, now).toISOString() : null,
    deferred_reason: isWaiting ? deferredReason(row, now) : null,
    error:
      row.error_name === null
        ? null
        : { name: row.error_name, message: row.error_message ?? '', remedy: row.error_remedy },
    recipients: recipientStatuses(row.addresses, events, {
      status: row.status,
      at: row.created_at,
      sentAt: row.sent_at,
    }),
    events: [
      {
        type: row.scheduled_at === null ? 'queued' : 'scheduled',
        at: row.created_at.toISOString(),
        recipient: null,
        data: null,
      },
      ...(row.sent_at === null
        ? []
        : [{ type: 'sent', at: row.sent_at.toISOString(), recipient: null, data: null }]),
      ...events.map(({ type, at, recipient, data }) => ({ type, at: at.toISOString(), recipient, data })),
    ],
  };
}

function nextAttempt(row: EmailDetailRow, now: Date): Date {
  const times = [row.due_at.getTime(), row.quota_blocked_until?.getTime() ?? 0, now.getTime()];
  return new Date(Math.max(...times));
}

/** Why a mail that is due has not gone yet. */
function deferredReason(row: EmailDetailRow, now: Date): string | null {
  if (row.connection_status !== 'active' && row.connection_status !== 'degraded')
    return `connection_${row.connection_status}${row.is_paused_by_us ? '_for_reputation' : ''}`;
  if (row.quota_blocked_until !== null && row.quota_blocked_until > now) return 'deferred_quota';
  if (row.due_at <= now) return null;
  return row.attempts > 0 || row.error_name !== null
    ? 'retry'
    : row.scheduled_at === null
      ? null
      : 'scheduled';
}

interface Body {
  html: string | null;
  text: string | null;
}

function readBody(row: EmailDetailRow): Body {
  if (row.payload === null) return { html: null, text: null };
  const parsed = JSON.parse(row.payload) as {
    Content?: { Simple?: { Body?: { Html?: { Data?: string }; Text?: { Data?: string } } } };
  };
  const simple = parsed.Content?.Simple?.Body;
  return {
    html: row.original?.html ?? simple?.Html?.Data ?? null,
    text: row.original?.text ?? simple?.Text?.Data ?? null,
  };
}
