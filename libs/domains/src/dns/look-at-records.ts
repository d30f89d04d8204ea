import { Inject, Injectable } from '@nestjs/common';
import type { Sighting } from '../domain.js';
import { recordKey, type ExpectedRecord } from '../records.js';
import { DnsLookup, type OpenLookup } from './dns-lookup.js';
import { judgeRecord, type Surroundings } from './judge-record.js';

/** Looks for every record of a domain in DNS; never rejects. */
@Injectable()
export class LookAtRecords {
  constructor(@Inject(DnsLookup) private readonly dns: DnsLookup) {}

  /** @returns sightings by recordKey() */
  async execute(expected: readonly ExpectedRecord[]): Promise<Record<string, Sighting>> {
    const lookup = this.dns.open();
    const entries = await Promise.all(
      expected.map(async (record) => [recordKey(record), await look(lookup, record)] as const),
    );
    return Object.fromEntries(entries);
  }
}

async function look(lookup: OpenLookup, record: ExpectedRecord): Promise<Sighting> {
  const answer = await lookup.find(record.type, record.fqdn);
  return judgeRecord(record, answer, answer.kind === 'none' ? await lookAround(lookup, record) : {});
}

async function lookAround(
  lookup: OpenLookup,
  { type, kind, fqdn, zone }: ExpectedRecord,
): Promise<Surroundings> {
  const inheritedName = `_dmarc.${zone}`;
  const [doubled, address, text, inherited] = await Promise.all([
    lookup.find(type, `${fqdn}.${zone}`),
    type === 'CNAME' ? lookup.find('A', fqdn) : undefined,
    type === 'CNAME' ? lookup.find('TXT', fqdn) : undefined,
    kind === 'DMARC' && fqdn !== inheritedName ? lookup.find('TXT', inheritedName) : undefined,
  ]);
  return { doubled, address, text, inherited };
}
