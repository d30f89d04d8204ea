import { describe, expect, it } from '@jest/globals';
import { chooseDomainConnection, type WantedPlace } from './choose-domain-connection.js';

const at = new Date('2026-11-24T12:00:00Z');
type Candidate = Parameters<typeof chooseDomainConnection>[0][number];
const connection = (id: string, region: string, fields: Partial<Candidate> = {}): Candidate => ({
  id,
  region,
  status: 'active',
  verifiedAt: at,
  disconnectedAt: null,
  ...fields,
});
const ended = connection('c0', 'eu-west-1', { disconnectedAt: at });
const unproven = connection('c1', 'eu-west-1', { verifiedAt: null });
const west = connection('c2', 'eu-west-1');
const east = connection('c3', 'us-east-1');

describe('chooseDomainConnection gives', () => {
  it.each<[string, Candidate[], WantedPlace, string]>([
    ['the oldest proven one', [ended, unproven, west, east], {}, 'c2'],
    ['the one of the region', [west, east], { region: 'us-east-1' }, 'c3'],
    ['the one asked for', [west, east], { connectionId: 'c3' }, 'c3'],
    ['the one asked for in its region', [west, east], { connectionId: 'c3', region: 'us-east-1' }, 'c3'],
  ])('%s', (_, connections, wanted, expected) => {
    expect(chooseDomainConnection(connections, wanted).id).toBe(expected);
  });
});

describe('chooseDomainConnection refuses', () => {
  it.each<[string, Candidate[], WantedPlace, object]>([
    ['a region that is none', [west], { region: 'moon-1' }, { kind: 'invalid_region', field: 'region' }],
    [
      'a region without a connection',
      [west],
      { region: 'us-east-1' },
      { kind: 'invalid_region', remedy: expect.stringContaining('One of: eu-west-1.') as unknown },
    ],
    [
      'a connection in another region',
      [west],
      { connectionId: 'c2', region: 'us-east-1' },
      { kind: 'invalid_region' },
    ],
    ['an unknown connection', [west], { connectionId: 'c9' }, { kind: 'invalid', field: 'connection_id' }],
    [
      'a connection that has ended',
      [ended],
      { connectionId: 'c0' },
      { kind: 'invalid', field: 'connection_id' },
    ],
    [
      'one that was never proven',
      [unproven],
      {},
      { kind: 'forbidden', code: 'domain.connection_not_proven' },
    ],
    ['a project without any', [ended], {}, { kind: 'forbidden', code: 'domain.no_connection' }],
  ])('%s', (_, connections, wanted, expected) => {
    expect(() => chooseDomainConnection(connections, wanted)).toThrow(
      expect.objectContaining(expected) as unknown as Error,
    );
  });
});
