import { describe, expect, it } from '@jest/globals';
import { aDomain, verifiedIdentity } from '../test/fixtures.js';
import { domainEventData, presentDomain } from './present-domain.js';

describe('presentDomain', () => {
  it('shows what Resend shows, names relative to the zone, and what we add', () => {
    const domain = aDomain({
      status: 'verified',
      identity: verifiedIdentity,
      sightings: {
        'TXT send.mail.example.com': { isRight: false, observed: ['v=spf1 -all'], hint: 'Add it.' },
      },
    });
    const { records, ...rest } = presentDomain(domain);
    expect(rest).toEqual({
      id: domain.id,
      name: 'mail.example.com',
      status: 'verified',
      created_at: '2026-11-24T12:00:00.000Z',
      region: 'eu-west-1',
      capabilities: { sending: 'enabled', receiving: 'disabled' },
      open_tracking: false,
      click_tracking: false,
      tls: 'opportunistic',
      custom_return_path: 'send',
      connection_id: domain.connectionId,
      identity: 'created',
      problem: null,
      verified_at: null,
      last_checked_at: '2026-11-24T12:00:00.000Z',
    });
    expect(records[0]).toEqual({
      record: 'SPF',
      name: 'send.mail',
      type: 'MX',
      ttl: 'Auto',
      value: 'feedback-smtp.eu-west-1.amazonses.com',
      priority: 10,
      status: 'verified',
      fqdn: 'send.mail.example.com',
      recommended: false,
      observed: null,
      hint: null,
    });
    expect(records[1]).toMatchObject({
      type: 'TXT',
      status: 'pending',
      observed: ['v=spf1 -all'],
      hint: 'Add it.',
    });
    expect(records[1]).not.toHaveProperty('priority');
    expect(records.at(-1)).toMatchObject({ record: 'DMARC', name: '_dmarc.mail', recommended: true });
  });

  it("tells webhooks Resend's fields only", () => {
    const data = domainEventData(aDomain()) as { records: object[] };
    expect(Object.keys(data)).toEqual(['id', 'name', 'status', 'created_at', 'region', 'records']);
    expect(Object.keys(data.records[0] ?? {})).toEqual([
      'record',
      'name',
      'type',
      'ttl',
      'status',
      'value',
      'priority',
    ]);
  });
});
