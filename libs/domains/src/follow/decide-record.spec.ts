import { describe, expect, it } from '@jest/globals';
import { aFollowedDomain, anIdentity, hourMs, now, verifiedIdentity } from '../../test/fixtures.js';
import type { DomainProblem } from '../domain.js';
import type { FollowedDomain } from '../system-domains.repository.js';
import { decideRecord } from './decide-record.js';
import type { IdentityReading } from './read-identity.js';

const long = new Date(now.getTime() - 100 * hourMs);
const problem: DomainProblem = { kind: 'waiting', code: 'TimeoutError', message: 'away', remedy: null };
const decide = (domain: Partial<FollowedDomain>, reading: Partial<IdentityReading>) =>
  decideRecord(
    aFollowedDomain(domain),
    { identity: undefined, ownership: 'created', problem: null, ...reading },
    now,
    0,
  );
const inMs = (date: Date | null) => date && date.getTime() - now.getTime();

describe('decideRecord', () => {
  it('notes when a domain is proven for the first time', () => {
    const record = decide({}, { identity: verifiedIdentity });
    expect(record).toMatchObject({ status: 'verified', verifiedAt: now, followedAt: now });
    expect(decide({ verifiedAt: long }, { identity: verifiedIdentity }).verifiedAt).toBe(long);
  });

  it('gives a domain that was proven, and is no more, the whole time to be mended', () => {
    const record = decide({ status: 'verified', verifyingSince: long }, { identity: anIdentity() });
    expect(record).toMatchObject({ status: 'pending', verifyingSince: now });
    expect(inMs(record.nextCheckAt)).toBe(60_000);
  });

  it('fails at once what SES has given up', () => {
    const record = decide(
      { status: 'verified', verifyingSince: long },
      { identity: anIdentity({ verification: 'FAILED' }) },
    );
    expect(record).toMatchObject({ status: 'failed', nextCheckAt: null });
  });

  it('says so when SES has no such identity any more', () => {
    const record = decide({ status: 'verified', verifyingSince: long }, { identity: null, ownership: null });
    expect(record).toMatchObject({
      status: 'failed',
      ownership: null,
      nextCheckAt: null,
      problem: { kind: 'gone' },
    });
    expect(record.problem?.remedy).toContain('/verify');
  });

  it('keeps the state while SES cannot be asked', () => {
    const record = decide(
      { status: 'verified', verifyingSince: long, identity: verifiedIdentity },
      { problem },
    );
    expect(record).toMatchObject({ status: 'verified', identity: verifiedIdentity, problem });
    expect(inMs(record.nextCheckAt)).toBe(hourMs);
  });

  it('asks for a right that was taken away once a day', () => {
    const denied = { ...problem, kind: 'denied' } as const;
    const record = decide({ status: 'verified', verifyingSince: long }, { problem: denied });
    expect(record.status).toBe('verified');
    expect(inMs(record.nextCheckAt)).toBe(21.6 * hourMs);
  });

  it('waits three days for an SES that cannot be asked, and not for ever', () => {
    expect(decide({ status: 'not_started', identity: null }, { problem }).status).toBe('not_started');
    expect(
      decide({ status: 'not_started', identity: null, verifyingSince: long }, { problem }),
    ).toMatchObject({
      status: 'failed',
      nextCheckAt: null,
      problem,
    });
  });

  it('leaves a domain alone whose connection has ended', () => {
    const record = decide({ status: 'verified', isDisconnected: true }, { problem });
    expect(record).toMatchObject({ status: 'verified', nextCheckAt: null });
  });
});
