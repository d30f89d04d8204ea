import { describe, expect, it } from '@jest/globals';
import type { SesIdentityState, SesVerification } from '#libs/aws';
import { aDomain, anIdentity, hourMs, now, verifiedIdentity } from '../test/fixtures.js';
import { decideRecordStatus, decideStatus, nextCheckAt, searchMs } from './decide-status.js';
import type { DomainStatus, Sighting } from './domain.js';
import { expectedRecords, type RecordKind, type RecordType } from './records.js';

const of = (verification: SesVerification) => anIdentity({ verification });

describe('decideStatus', () => {
  it.each<[string, SesIdentityState | null, number, DomainStatus]>([
    ['not known to SES yet', null, 0, 'not_started'],
    ['not known to SES after three days', null, searchMs, 'failed'],
    ['searched for', of('PENDING'), 0, 'pending'],
    ['searched for in vain', of('PENDING'), searchMs, 'failed'],
    ['given up by SES', of('FAILED'), 0, 'failed'],
    ['not readable for SES', of('TEMPORARY_FAILURE'), 0, 'temporary_failure'],
    ['not readable for SES for long', of('TEMPORARY_FAILURE'), searchMs, 'temporary_failure'],
    ['not begun', of('NOT_STARTED'), 0, 'not_started'],
    ['not begun for three days', of('NOT_STARTED'), searchMs, 'failed'],
    ['a success that may not send yet', of('SUCCESS'), 0, 'pending'],
    ['proven', verifiedIdentity, searchMs * 10, 'verified'],
    ["proven, with SES's own MAIL FROM", { ...verifiedIdentity, mailFrom: null }, 0, 'verified'],
    [
      'proven, without its MAIL FROM',
      { ...verifiedIdentity, mailFrom: { domain: 'x', status: 'FAILED' } },
      0,
      'partially_verified',
    ],
    [
      'allowed to send although a search failed',
      anIdentity({ isVerifiedForSending: true, verification: 'TEMPORARY_FAILURE' }),
      0,
      'partially_verified',
    ],
  ])('%s', (_, identity, elapsedMs, expected) => {
    expect(decideStatus(identity, elapsedMs)).toBe(expected);
  });
});

const sighting = (isRight: boolean | null): Sighting => ({ isRight, observed: [], hint: null });

describe('decideRecordStatus', () => {
  it.each<
    [RecordKind, RecordType, string, SesVerification, boolean | null | undefined, DomainStatus, string]
  >([
    ['DKIM', 'CNAME', 'found by SES', 'SUCCESS', false, 'verified', 'verified'],
    ['DKIM', 'CNAME', 'right, SES still looks', 'PENDING', true, 'pending', 'verified'],
    ['DKIM', 'CNAME', 'wrong, SES still looks', 'PENDING', false, 'pending', 'pending'],
    ['DKIM', 'CNAME', 'wrong, SES gave up', 'FAILED', false, 'failed', 'failed'],
    ['DKIM', 'CNAME', 'wrong, three days are over', 'PENDING', false, 'failed', 'failed'],
    [
      'DKIM',
      'CNAME',
      'not readable for either',
      'TEMPORARY_FAILURE',
      null,
      'temporary_failure',
      'temporary_failure',
    ],
    ['DKIM', 'CNAME', 'not looked at yet', 'NOT_STARTED', undefined, 'not_started', 'not_started'],
    ['SPF', 'MX', 'found by SES', 'SUCCESS', undefined, 'verified', 'verified'],
    ['SPF', 'MX', 'missing', 'PENDING', false, 'partially_verified', 'pending'],
    ['SPF', 'TXT', 'missing, although SES found the MX', 'SUCCESS', false, 'verified', 'pending'],
    ['SPF', 'TXT', 'not readable, SES found the MX', 'SUCCESS', null, 'verified', 'verified'],
    ['SPF', 'TXT', 'right', 'PENDING', true, 'pending', 'verified'],
    ['DMARC', 'TXT', 'right', 'PENDING', true, 'pending', 'verified'],
    ['DMARC', 'TXT', 'missing, which fails nothing', 'FAILED', false, 'failed', 'not_started'],
  ])('of %s %s %s', (kind, type, _, ses, isRight, status, expected) => {
    const { dkim } = anIdentity();
    const identity = anIdentity({
      dkim: { ...dkim, status: ses },
      mailFrom: { domain: 'send.mail.example.com', status: ses },
    });
    const record = expectedRecords(aDomain()).find((each) => each.kind === kind && each.type === type);
    if (record === undefined) throw new Error('no record');
    const seen = isRight === undefined ? undefined : sighting(isRight);
    expect(decideRecordStatus(record, seen, { identity, status })).toBe(expected);
  });
});

describe('nextCheckAt', () => {
  const inMs = (status: DomainStatus, elapsedMs: number, random = 0) => {
    const next = nextCheckAt(status, new Date(now.getTime() - elapsedMs), now, random);
    return next && next.getTime() - now.getTime();
  };

  it.each<[string, DomainStatus, number, number | null]>([
    ['a minute at first', 'pending', 0, 60_000],
    ['as long again as has passed', 'pending', 10 * 60_000, 10 * 60_000],
    ['an hour at most', 'pending', 5 * hourMs, hourMs],
    ['soon for one that SES was not reached about', 'not_started', 0, 60_000],
    ['an hour for what SES cannot read', 'temporary_failure', 1_000 * hourMs, hourMs],
    ['not any more when it has failed', 'failed', 73 * hourMs, null],
    ['soon for a MAIL FROM that is searched for', 'partially_verified', 0, 60_000],
    ['daily when only the MAIL FROM is missing for long', 'partially_verified', 73 * hourMs, 21.6 * hourMs],
    ['daily when it is proven', 'verified', 0, 21.6 * hourMs],
  ])('is %s', (_, status, elapsedMs, expected) => {
    expect(inMs(status, elapsedMs)).toBe(expected);
  });

  it('spreads the daily ones, and never lets one be a day late', () => {
    expect(inMs('verified', 0, 0.999)).toBeLessThanOrEqual(24 * hourMs);
    expect(inMs('verified', 0, 0.5)).toBeGreaterThan(21.6 * hourMs);
  });
});
