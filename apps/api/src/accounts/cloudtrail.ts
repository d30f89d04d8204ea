import type { AuditEntry } from '#libs/accounts';

export interface CloudTrailView {
  event_name: string;
  role_session_name: string;
  access_key_id: string | null;
  region: string;
  at: string;
  command: string;
}

/** CloudTrail says the second; clocks differ by a little. */
const MARGIN_MS = 5 * 60 * 1000;

/**
 * The other side of a session, as the customer's CloudTrail has it: an AssumeRole event of that minute whose answer names the
 * same access key. (A refused AssumeRole across accounts is written in the caller's account only.)
 *
 * @returns null for an entry that is no session, or one from before these facts were kept
 */
export function cloudTrailOf({ action, data, at }: AuditEntry): CloudTrailView | null {
  if (action !== 'session.issued' || typeof data !== 'object' || data === null) return null;
  const { roleSessionName, accessKeyId, stsRegion } = data as Record<string, unknown>;
  if (typeof roleSessionName !== 'string' || typeof stsRegion !== 'string') return null;
  const keyId = typeof accessKeyId === 'string' ? accessKeyId : null;
  const time = (shiftMs: number) => new Date(new Date(at).getTime() + shiftMs).toISOString();
  return {
    event_name: 'AssumeRole',
    role_session_name: roleSessionName,
    access_key_id: keyId,
    region: stsRegion,
    at,
    command: [
      'aws cloudtrail lookup-events',
      `--region ${stsRegion}`,
      '--lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRole',
      `--start-time ${time(-MARGIN_MS)} --end-time ${time(MARGIN_MS)}`,
      `--query "Events[?contains(CloudTrailEvent, '${keyId ?? roleSessionName}')].CloudTrailEvent"`,
      '--output text',
    ].join(' '),
  };
}
