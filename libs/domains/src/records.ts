import { zoneOf } from './domain-name.js';
import type { Domain } from './domain.js';

export type RecordKind = 'DKIM' | 'SPF' | 'DMARC';
export type RecordType = 'CNAME' | 'MX' | 'TXT';

/** A DNS record that the domain should have. */
export interface ExpectedRecord {
  kind: RecordKind;
  type: RecordType;
  fqdn: string;
  /** Where the DNS zone of the domain usually begins. */
  zone: string;
  value: string;
  /** MX only. */
  priority: number | null;
  /** Good to have; the domain is verified without it. */
  isAdvice: boolean;
}

export const spfInclude = 'include:amazonses.com';

type DomainFacts = Pick<Domain, 'name' | 'region' | 'returnPath' | 'ownership' | 'identity'>;

/**
 * The records of a domain: three CNAMEs of Easy DKIM once SES has given the tokens, MX and SPF of the MAIL FROM
 * domain, and DMARC, without which Google and Yahoo refuse bulk mail. (Source of the values: SES developer guide.)
 */
export function expectedRecords(domain: DomainFacts): ExpectedRecord[] {
  const { name, region, identity } = domain;
  const zone = zoneOf(name);
  const record = (fields: Omit<ExpectedRecord, 'zone' | 'priority' | 'isAdvice'>): ExpectedRecord => ({
    zone,
    priority: null,
    isAdvice: false,
    ...fields,
  });
  const tokens = identity?.dkim.isEasy === true ? identity.dkim.tokens : [];
  const dkim = tokens.map((token) =>
    record({
      kind: 'DKIM',
      type: 'CNAME',
      fqdn: `${token}._domainkey.${name}`,
      value: `${token}.${identity?.dkim.hostedZone ?? ''}`,
    }),
  );
  const mailFrom = mailFromDomain(domain);
  const spf =
    mailFrom === null
      ? []
      : [
          {
            ...record({
              kind: 'SPF',
              type: 'MX',
              fqdn: mailFrom,
              value: `feedback-smtp.${region}.amazonses.com`,
            }),
            priority: 10,
          },
          record({ kind: 'SPF', type: 'TXT', fqdn: mailFrom, value: `v=spf1 ${spfInclude} ~all` }),
        ];
  const dmarc = {
    ...record({ kind: 'DMARC', type: 'TXT', fqdn: `_dmarc.${name}`, value: 'v=DMARC1; p=none;' }),
    isAdvice: true,
  };
  return [...spf, ...dkim, dmarc];
}

/** Null: an adopted identity that uses SES's own MAIL FROM, which needs no records. */
export function mailFromDomain({
  name,
  returnPath,
  ownership,
  identity,
}: Omit<DomainFacts, 'region'>): string | null {
  if (ownership === 'adopted') return identity?.mailFrom?.domain ?? null;
  return `${returnPath}.${name}`;
}

/** Names a record among those of its domain. */
export function recordKey({ type, fqdn }: Pick<ExpectedRecord, 'type' | 'fqdn'>): string {
  return `${type} ${fqdn}`;
}
