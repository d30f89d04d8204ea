import { describe, expect, test } from '@jest/globals';
import { permissionsPolicy } from './permissions.js';
import { parseSourceIps } from './source-ips.js';

const scope = { partition: 'aws', region: 'eu-west-1', accountId: '444455556666' };

describe('source addresses', () => {
  test.each([
    ['203.0.113.7', ['203.0.113.7']],
    ['203.0.113.7, 198.51.100.0/24', ['203.0.113.7', '198.51.100.0/24']],
    ['2001:db8::/32,203.0.113.7/32', ['2001:db8::/32', '203.0.113.7/32']],
    ['203.0.113.7,203.0.113.7', ['203.0.113.7']],
  ])('%s are %j', (text, expected) => {
    expect(parseSourceIps(text)).toEqual(expected);
  });

  test.each([
    '',
    ',',
    '203.0.113.7,',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.7/33',
    '203.0.113.7/',
    '203.0.113.7/-1',
    '203.0.113.7/8/8',
    '2001:db8::/129',
    'fe80::1%eth0',
    'example.com',
    '${aws:SourceIp}',
    '*',
    Array.from({ length: 21 }, (_, index) => `203.0.113.${index}`).join(','),
  ])('%j are refused', (text) => {
    expect(() => parseSourceIps(text)).toThrow(
      expect.objectContaining({
        code: 'kit.bad_source_ip',
        kind: 'invalid_parameter',
        field: 'source_ip',
      }) as unknown as Error,
    );
  });

  test('join the condition on the From address', () => {
    const sourceIps = ['203.0.113.7'];
    const [send, account] = permissionsPolicy('send', scope, { from: 'a@example.org', sourceIps }).Statement;
    expect(send?.Condition).toEqual({
      StringLike: { 'ses:FromAddress': ['a@example.org', 'sesame-probe@example.com'] },
      IpAddress: { 'aws:SourceIp': sourceIps },
    });
    expect(account?.Condition).toEqual({ IpAddress: { 'aws:SourceIp': sourceIps } });
  });

  test('bind nothing that AWS does onward in our name', () => {
    const options = { feedback: 'eventbridge', sourceIps: ['203.0.113.7'] } as const;
    const free = permissionsPolicy('events', scope, options).Statement.filter(
      ({ Condition }) => Condition?.['IpAddress'] === undefined,
    );
    expect(free.map(({ Sid }) => Sid)).toEqual(['ConnectionSecret', 'PassTargetRole', 'ServiceRole']);
  });
});
