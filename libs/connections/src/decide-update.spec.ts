import { describe, expect, test } from '@jest/globals';
import { aConnection, now } from '../test/fixtures.js';
import { untouchedCheck, type StoredCheck } from './checks.js';
import { decideUpdate, type ConnectionUpdate } from './decide-update.js';
import { parseRoleArn } from './parse-role-arn.js';

const other = parseRoleArn('arn:aws:iam::777788889999:role/Other', {
  region: 'eu-west-1',
  platformAccountId: null,
});
const same = parseRoleArn('arn:aws:iam::444455556666:role/Sender', {
  region: 'eu-west-1',
  platformAccountId: null,
});
const active = aConnection({ status: 'active', verifiedAt: now, verifyingSince: null });
const decide = (update: ConnectionUpdate, connection = active, checks: StoredCheck[] = []) =>
  decideUpdate(connection, checks, update, 'key:1', now);

describe('an update', () => {
  test.each<[string, ConnectionUpdate]>([
    ['of nothing', {}],
    [
      'to the same values',
      { name: active.name, sessionDurationSeconds: 3600, capacityShare: 0.9, paused: false },
    ],
  ])('%s changes nothing', (_, update) => {
    expect(decide(update)).toBeUndefined();
  });

  test('to a new role stops sending, withdraws credentials and starts over', () => {
    expect(decide({ role: other, sessionDurationSeconds: 900 })).toMatchObject({
      set: {
        status: 'verifying',
        roleArn: other.arn,
        awsAccountId: '777788889999',
        verifiedAt: null,
        requestedSessionSeconds: 900,
        verifyingSince: now,
      },
      withdraw: 'blank',
      checks: 'forget',
      runChecks: true,
      refreshSessions: false,
      audit: [
        { action: 'connection.session_duration_changed' },
        { action: 'connection.role_changed', actor: 'key:1' },
      ],
    });
  });

  test('to the role it has runs the checks again and withdraws nothing', () => {
    const change = decide({ role: same });
    expect(change).toMatchObject({ runChecks: true });
    expect(change?.withdraw).toBeUndefined();
    expect(change?.set.status).toBeUndefined();
    expect(decide({ role: same }, aConnection({ status: 'broken', verifiedAt: now }))?.set.status).toBe(
      'verifying',
    );
  });

  test('of the duration goes on sending and renews sessions', () => {
    expect(decide({ sessionDurationSeconds: 43_200 })).toEqual({
      set: {
        requestedSessionSeconds: 43_200,
        grantedSessionSeconds: null,
        sessionReason: null,
        verifyingSince: now,
        nextCheckAt: expect.any(Date),
      },
      runChecks: true,
      refreshSessions: true,
      audit: [
        { actor: 'key:1', action: 'connection.session_duration_changed', data: { from: 3600, to: 43_200 } },
      ],
    });
  });

  test('pauses what sends, and nothing else', () => {
    expect(decide({ paused: true })?.set).toEqual({ isPaused: true, status: 'paused' });
    expect(decide({ paused: true }, aConnection({ status: 'broken' }))?.set).toEqual({
      isPaused: true,
      status: 'broken',
    });
  });

  test('forgives what Sesame had paused it for', () => {
    const paused = aConnection({ status: 'paused', isPaused: true, pausedReason: 'Too many bounces.' });
    expect(decide({ paused: false }, paused)?.set).toEqual({
      isPaused: false,
      status: 'active',
      pausedReason: null,
      reputation: 'good',
      reputationFrom: now,
    });
  });

  test('resumes into what the checks say', () => {
    const paused = aConnection({ status: 'paused', isPaused: true, verifiedAt: now });
    expect(decide({ paused: false }, paused)).toMatchObject({
      set: { status: 'active', isPaused: false },
      wakeLaneAt: now,
    });
    const failed: StoredCheck = { ...untouchedCheck('session_duration'), outcome: 'failed' };
    expect(decide({ paused: false }, paused, [failed])?.set.status).toBe('degraded');
    expect(decide({ paused: false }, aConnection({ status: 'rejected', isPaused: true }))?.set).toEqual({
      isPaused: false,
    });
  });

  test.each<[ConnectionUpdate, string, string]>([
    [{ sessionDurationSeconds: 899 }, 'bad_session_duration', 'session_duration_seconds'],
    [{ sessionDurationSeconds: 43_201 }, 'bad_session_duration', 'session_duration_seconds'],
    [{ sessionDurationSeconds: 1000.5 }, 'bad_session_duration', 'session_duration_seconds'],
    [{ sessionDurationSeconds: Number.NaN }, 'bad_session_duration', 'session_duration_seconds'],
    [{ capacityShare: 0 }, 'bad_capacity_share', 'capacity_share'],
    [{ capacityShare: 1.1 }, 'bad_capacity_share', 'capacity_share'],
    [{ capacityShare: Number.NaN }, 'bad_capacity_share', 'capacity_share'],
    [{ name: ' ' }, 'bad_name', 'name'],
    [{ name: 'x'.repeat(201) }, 'bad_name', 'name'],
  ])('%j is refused as %s', (update, code, field) => {
    expect(() => decide(update)).toThrow(
      expect.objectContaining({ code: `connection.${code}`, kind: 'invalid', field }) as unknown as Error,
    );
  });

  test('of a disconnected connection is refused', () => {
    const gone = aConnection({ status: 'disconnected' });
    expect(() => decide({ name: 'x' }, gone)).toThrow(
      expect.objectContaining({ code: 'connection.disconnected', kind: 'conflict' }) as unknown as Error,
    );
  });
});
