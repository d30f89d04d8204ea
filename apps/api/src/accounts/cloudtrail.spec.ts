import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '#libs/accounts';
import { cloudTrailOf } from './cloudtrail.js';

const entry = (fields: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'e',
  organizationId: 'o',
  projectId: 'p',
  actor: 'system',
  action: 'session.issued',
  target: 'connection:c',
  data: { roleSessionName: 'sesame-send-p-c', accessKeyId: 'ASIAEXAMPLE', stsRegion: 'eu-west-1' },
  at: '2026-11-24T10:00:00.123456Z',
  ...fields,
});

describe('cloudTrailOf', () => {
  it('says what to look for and how', () => {
    expect(cloudTrailOf(entry())).toEqual({
      event_name: 'AssumeRole',
      role_session_name: 'sesame-send-p-c',
      access_key_id: 'ASIAEXAMPLE',
      region: 'eu-west-1',
      at: '2026-11-24T10:00:00.123456Z',
      command:
        'aws cloudtrail lookup-events --region eu-west-1 --lookup-attributes AttributeKey=EventName,AttributeValue=AssumeRole' +
        ' --start-time 2026-11-24T09:55:00.123Z --end-time 2026-11-24T10:05:00.123Z' +
        ` --query "Events[?contains(CloudTrailEvent, 'ASIAEXAMPLE')].CloudTrailEvent" --output text`,
    });
  });

  it.each([
    ['another action', entry({ action: 'connection.created' })],
    ['a refusal', entry({ action: 'session.refused' })],
    ['an entry from before', entry({ data: { purpose: 'send', generation: 1 } })],
    ['no data', entry({ data: null })],
  ])('has nothing for %s', (_, other) => {
    expect(cloudTrailOf(other)).toBeNull();
  });
});
