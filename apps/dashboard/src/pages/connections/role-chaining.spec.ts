import { describe, expect, it } from '@jest/globals';
import { isChained } from './role-chaining';

const check = (detail: string) => ({
  name: 'platform_principal',
  outcome: 'passed' as const,
  side: null,
  detail,
  remedy: null,
  paste: null,
  checked_at: null,
});
const connection = (detail: string, reason: string | null = null) => ({
  checks: [check(detail)],
  session_duration: { requested_seconds: 7_200, granted_seconds: 3_600, reason },
});

describe('whether AWS limits sessions to an hour', () => {
  it.each([
    ['Sesame runs as arn:aws:iam::111122223333:user/sesame-platform.', false],
    ['Sesame runs as arn:aws:iam::111122223333:role/Sesame.', true],
    ['Sesame runs as arn:aws-us-gov:iam::111122223333:role/path/Sesame.', true],
    ['Sesame runs as arn:aws:sts::111122223333:assumed-role/Sesame/i-0abc.', true],
    ['', false],
  ])('%s', (detail, expected) => {
    expect(isChained(connection(detail))).toBe(expected);
  });

  it('is told by the reason of a session as well', () => {
    expect(isChained(connection('', 'AWS limits role chaining to 3600 seconds.'))).toBe(true);
  });
});
