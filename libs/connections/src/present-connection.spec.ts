import { expect, test } from '@jest/globals';
import { aConnection, now } from '../test/fixtures.js';
import { checkNames, inOrder, untouchedCheck } from './checks.js';
import { presentConnection } from './present-connection.js';

test('a connection shows what the contract promises, and always all eight checks in order', () => {
  const stored = [
    { ...untouchedCheck('role_arn'), outcome: 'failed' as const, detail: 'Broken.', checkedAt: now },
  ];
  const connection = aConnection({
    status: 'broken',
    grantedSessionSeconds: 3600,
    sessionReason: 'role_chaining',
    requestedSessionSeconds: 7200,
  });
  const shown = presentConnection({ connection, checks: inOrder(stored), ses: null });
  expect(Object.keys(shown)).toEqual(
    expect.arrayContaining(
      'object id project_id name region status role_arn external_id pending_external_id aws_account_id session_duration ses checks created_at verified_at'.split(
        ' ',
      ),
    ),
  );
  expect(shown).toMatchObject({
    object: 'connection',
    status: 'broken',
    status_reason: 'Broken.',
    ses: null,
    verified_at: null,
    created_at: now.toISOString(),
  });
  expect(shown.session_duration).toEqual({
    requested_seconds: 7200,
    granted_seconds: 3600,
    reason: expect.stringContaining('chaining'),
  });
  expect(shown.checks.map((check) => check.name)).toEqual([...checkNames]);
  expect(shown.checks[0]).toEqual({
    name: 'platform_principal',
    outcome: 'pending',
    side: null,
    detail: 'Not checked yet.',
    remedy: null,
    paste: null,
    checked_at: null,
  });
  expect(JSON.stringify(shown)).not.toContain('evidence');
});
