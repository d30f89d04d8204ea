import { describe, expect, test } from '@jest/globals';
import type { ConnectionStatus } from '../connection.js';
import { decideStatus, nextCheckAt, type NextCheckInput } from './decide-round.js';
import type { Effect } from './finding.js';

const findings = (...effects: Effect[]) => effects.map((effect) => ({ effect }));
const proven = new Date('2026-11-01T00:00:00Z');

describe('the status after a round', () => {
  test.each<[Effect[], ConnectionStatus, Date | null, boolean, ConnectionStatus]>([
    [['none'], 'verifying', null, false, 'active'],
    [['none'], 'broken', proven, false, 'active'],
    [['none'], 'verifying', null, true, 'paused'],
    [['none', 'degrade'], 'verifying', null, false, 'degraded'],
    [['degrade'], 'active', proven, true, 'paused'],
    [['wait'], 'verifying', null, false, 'verifying'],
    [['wait'], 'active', proven, false, 'active'],
    [['wait', 'degrade'], 'active', proven, false, 'active'],
    [['hold'], 'broken', proven, false, 'broken'],
    [['hold'], 'active', proven, false, 'active'],
    [['unusable'], 'verifying', null, false, 'rejected'],
    [['unusable'], 'active', proven, false, 'broken'],
    [['unusable', 'wait'], 'active', proven, false, 'broken'],
    [['unusable'], 'paused', proven, true, 'broken'],
    [['unsafe'], 'active', proven, false, 'rejected'],
    [['unsafe', 'wait'], 'verifying', null, false, 'rejected'],
  ])('%j on %s (proven %s, paused %s) is %5$s', (effects, status, verifiedAt, isPaused, after) => {
    expect(decideStatus(findings(...effects), { status, verifiedAt, isPaused })).toBe(after);
  });
});

describe('the next look', () => {
  const now = new Date('2026-11-24T12:00:00Z');
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  const base: NextCheckInput = {
    findings: findings('none'),
    before: 'active',
    after: 'active',
    since: now,
    now,
    windowMs: 60_000,
    sweepMs: 86_400_000,
    isRotating: false,
    random: 0.5,
  };

  test.each<[string, Partial<NextCheckInput>, number]>([
    ['inside the window', { findings: findings('wait'), after: 'verifying', since: ago(10) }, 3.5],
    ['at its very end', { findings: findings('wait'), after: 'verifying', since: ago(61) }, 3.5],
    ['behind it', { findings: findings('wait'), after: 'verifying', since: ago(120) }, 120],
    ['our own fault', { findings: findings('hold'), since: ago(90) }, 90],
    ['rejected just now', { findings: findings('unsafe'), after: 'rejected', since: ago(5) }, 60],
    ['broken for ten minutes', { findings: findings('unusable'), after: 'broken', since: ago(600) }, 600],
    ['broken for a day', { findings: findings('unusable'), after: 'broken', since: ago(86_400) }, 3600],
    ['proven for the first time', { before: 'verifying' }, 600],
    ['proven again', {}, 86_400],
    ['proven again, with a short sweep', { sweepMs: 30_000 }, 30],
    ['proven for the first time, with a short sweep', { before: 'verifying', sweepMs: 30_000 }, 30],
    ['degraded', { findings: findings('degrade'), before: 'degraded', after: 'degraded' }, 600],
    ['while an external ID rotates', { isRotating: true }, 120],
  ])('%s', (_, fields, seconds) => {
    expect((nextCheckAt({ ...base, ...fields }).getTime() - now.getTime()) / 1000).toBe(seconds);
  });

  test('is spread by a fifth to either side', () => {
    const at = (random: number) => (nextCheckAt({ ...base, random }).getTime() - now.getTime()) / 86_400_000;
    expect([at(0), at(1)]).toEqual([0.8, 1.2]);
  });
});
