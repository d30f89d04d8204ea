import { describe, expect, it } from '@jest/globals';
import { aDomain } from '../../test/fixtures.js';
import { expectedRecords, type ExpectedRecord, type RecordKind, type RecordType } from '../records.js';
import type { DnsAnswer } from './dns-lookup.js';
import { judgeRecord, type Surroundings } from './judge-record.js';

const records = expectedRecords(aDomain());
function expectedOf(kind: RecordKind, type: RecordType): ExpectedRecord {
  const record = records.find((each) => each.kind === kind && each.type === type);
  if (record === undefined) throw new Error(`no ${kind} ${type}`);
  return record;
}
const found = (...values: string[]): DnsAnswer => ({ kind: 'found', values });
const none: DnsAnswer = { kind: 'none' };

describe('a record is right', () => {
  it.each<[string, RecordKind, RecordType, DnsAnswer]>([
    ['as it was given', 'DKIM', 'CNAME', found('t1.dkim.amazonses.com')],
    ['in other case and with a final dot', 'DKIM', 'CNAME', found('T1.DKIM.amazonses.com.')],
    ['as the only MX', 'SPF', 'MX', found('10 feedback-smtp.eu-west-1.amazonses.com')],
    ['with another priority', 'SPF', 'MX', found('20 feedback-smtp.eu-west-1.amazonses.com')],
    ['as SPF', 'SPF', 'TXT', found('v=spf1 include:amazonses.com ~all')],
    ['as SPF with more in it', 'SPF', 'TXT', found('V=SPF1 mx +include:AmazonSES.com -all')],
    [
      'beside other TXT records',
      'SPF',
      'TXT',
      found('google-site-verification=x', 'v=spf1 include:amazonses.com -all'),
    ],
    ['as any DMARC policy', 'DMARC', 'TXT', found('v=DMARC1; p=reject; rua=mailto:d@example.com')],
  ])('%s (%s %s)', (_, kind, type, answer) => {
    expect(judgeRecord(expectedOf(kind, type), answer)).toMatchObject({ isRight: true, hint: null });
  });

  it('when DMARC stands at the registered domain', () => {
    const sighting = judgeRecord(expectedOf('DMARC', 'TXT'), none, { inherited: found('v=DMARC1; p=none') });
    expect(sighting).toEqual({
      isRight: true,
      observed: ['v=DMARC1; p=none'],
      hint: 'Inherited from example.com.',
    });
  });
});

describe('a mistake is named', () => {
  it.each<[string, RecordKind, RecordType, DnsAnswer, Surroundings, string]>([
    ['nothing there', 'DKIM', 'CNAME', none, {}, 'Not found yet'],
    ['no DMARC', 'DMARC', 'TXT', none, { inherited: none }, 'Recommended'],
    [
      'the zone appended to the name',
      'DKIM',
      'CNAME',
      none,
      { doubled: found('t1.dkim.amazonses.com') },
      'Enter the name as t1._domainkey.mail.',
    ],
    [
      'the zone appended to the name of the MX',
      'SPF',
      'MX',
      none,
      { doubled: found('10 x') },
      'adds example.com by itself',
    ],
    ['a proxy', 'DKIM', 'CNAME', none, { address: found('104.16.0.1') }, 'Switch the proxy off'],
    ['TXT instead of CNAME', 'DKIM', 'CNAME', none, { text: found('p=abc') }, 'must be a CNAME'],
    [
      'the zone appended to the value',
      'DKIM',
      'CNAME',
      found('t1.dkim.amazonses.com.example.com'),
      {},
      'End the value with a dot',
    ],
    [
      'another target',
      'DKIM',
      'CNAME',
      found('other.dkim.amazonses.com'),
      {},
      'points to other.dkim.amazonses.com instead of t1.',
    ],
    [
      'several MX',
      'SPF',
      'MX',
      found('10 feedback-smtp.eu-west-1.amazonses.com', '20 mx.example.com'),
      {},
      'several MX records',
    ],
    [
      'the MX of another region',
      'SPF',
      'MX',
      found('10 feedback-smtp.us-east-1.amazonses.com'),
      {},
      'region us-east-1',
    ],
    [
      'the zone appended to the MX',
      'SPF',
      'MX',
      found('10 feedback-smtp.eu-west-1.amazonses.com.example.com'),
      {},
      'End the value with a dot',
    ],
    ['another MX', 'SPF', 'MX', found('10 mx.example.com'), {}, 'points to mx.example.com'],
    [
      'another SPF record',
      'SPF',
      'TXT',
      found('v=spf1 include:_spf.google.com ~all'),
      {},
      'Add include:amazonses.com',
    ],
    [
      'two SPF records',
      'SPF',
      'TXT',
      found('v=spf1 include:amazonses.com ~all', 'v=spf1 mx -all'),
      {},
      '2 SPF records',
    ],
    [
      'quotation marks in the value',
      'SPF',
      'TXT',
      found('"v=spf1 include:amazonses.com ~all"'),
      {},
      'quotation marks',
    ],
    ['other TXT only', 'SPF', 'TXT', found('v=spf10 x'), {}, 'none begins with v=spf1'],
    [
      'two DMARC records',
      'DMARC',
      'TXT',
      found('v=DMARC1; p=none', 'v=DMARC1; p=reject'),
      {},
      'several DMARC records',
    ],
    ['TXT that is no DMARC', 'DMARC', 'TXT', found('hello'), {}, 'none begins with v=DMARC1'],
  ])('%s', (_, kind, type, answer, around, hint) => {
    const sighting = judgeRecord(expectedOf(kind, type), answer, around);
    expect(sighting.isRight).toBe(false);
    expect(sighting.hint).toContain(hint);
    expect(sighting.observed).toEqual(answer.kind === 'found' ? answer.values : []);
  });

  it('and what strangers publish is shown within bounds', () => {
    const values = Array.from({ length: 50 }, () => 'x'.repeat(4_000));
    const { observed } = judgeRecord(expectedOf('SPF', 'TXT'), found(...values));
    expect(observed).toEqual(Array(10).fill('x'.repeat(500)));
  });

  it('no answer decides nothing', () => {
    expect(judgeRecord(expectedOf('SPF', 'MX'), { kind: 'unreadable', code: 'ESERVFAIL' })).toEqual({
      isRight: null,
      observed: [],
      hint: 'DNS gave no answer (ESERVFAIL). It is asked again.',
    });
  });
});
