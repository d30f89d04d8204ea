import { decideRecordStatus, type RecordStatus } from './decide-status.js';
import { relativeTo } from './domain-name.js';
import type { Domain, DomainProblem, DomainStatus, Ownership } from './domain.js';
import {
  expectedRecords,
  recordKey,
  type ExpectedRecord,
  type RecordKind,
  type RecordType,
} from './records.js';

/** A DNS record as Resend shows it, and below `status` what we add. */
export interface RecordObject {
  record: RecordKind;
  /** Relative to the registered domain, as DNS providers want it. */
  name: string;
  type: RecordType;
  ttl: 'Auto';
  value: string;
  priority?: number;
  status: RecordStatus;
  fqdn: string;
  /** Good to have: the domain is verified without it. */
  recommended: boolean;
  /** What our own look at DNS found there; null while nobody has looked. */
  observed: string[] | null;
  hint: string | null;
}

/** A domain as lists show it. */
export interface DomainItem {
  id: string;
  name: string;
  status: DomainStatus;
  created_at: string;
  region: string;
  capabilities: { sending: 'enabled' | 'disabled'; receiving: 'enabled' | 'disabled' };
  open_tracking: boolean;
  click_tracking: boolean;
  tracking_subdomain?: string;
  tls: 'opportunistic' | 'enforced';
  custom_return_path: string;
  connection_id: string;
  /** Whether the SES identity was made for this domain, or was there before; null while SES was not reached. */
  identity: Ownership | null;
  problem: DomainProblem | null;
  verified_at: string | null;
  last_checked_at: string | null;
}

export interface DomainObject extends DomainItem {
  records: RecordObject[];
}

export function presentDomainItem(domain: Domain): DomainItem {
  const { trackingSubdomain } = domain;
  return {
    id: domain.id,
    name: domain.name,
    status: domain.status,
    created_at: domain.createdAt.toISOString(),
    region: domain.region,
    capabilities: { sending: enabled(domain.sending), receiving: enabled(domain.receiving) },
    open_tracking: domain.openTracking,
    click_tracking: domain.clickTracking,
    ...(trackingSubdomain !== null && { tracking_subdomain: trackingSubdomain }),
    tls: domain.tls,
    custom_return_path: domain.returnPath,
    connection_id: domain.connectionId,
    identity: domain.ownership,
    problem: domain.problem,
    verified_at: domain.verifiedAt?.toISOString() ?? null,
    last_checked_at: domain.followedAt?.toISOString() ?? null,
  };
}

export function presentDomain(domain: Domain): DomainObject {
  return {
    ...presentDomainItem(domain),
    records: expectedRecords(domain).map((one) => present(one, domain)),
  };
}

/** `data` of the webhooks `domain.*`: Resend's fields only. */
export function domainEventData(domain: Domain): object {
  const { id, name, status, created_at, region, records } = presentDomain(domain);
  return {
    id,
    name,
    status,
    created_at,
    region,
    records: records.map(({ record, name, type, ttl, status, value, priority }) => ({
      record,
      name,
      type,
      ttl,
      status,
      value,
      ...(priority !== undefined && { priority }),
    })),
  };
}

function present(record: ExpectedRecord, domain: Domain): RecordObject {
  const sighting = domain.sightings[recordKey(record)];
  return {
    record: record.kind,
    name: relativeTo(record.zone, record.fqdn),
    type: record.type,
    ttl: 'Auto',
    value: record.value,
    ...(record.priority !== null && { priority: record.priority }),
    status: decideRecordStatus(record, sighting, domain),
    fqdn: record.fqdn,
    recommended: record.isAdvice,
    observed: sighting?.observed ?? null,
    hint: sighting?.hint ?? null,
  };
}

function enabled(value: boolean): 'enabled' | 'disabled' {
  return value ? 'enabled' : 'disabled';
}
