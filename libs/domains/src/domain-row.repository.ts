import type { Domain, DomainProblem, DomainStatus, Ownership, Sighting } from './domain.js';

/** Columns of a domain `d` and its connection `c`, as {@link toDomain} wants them. */
export const domainColumns = `d.id, d.project_id, d.connection_id, c.region, d.name, d.status, d.return_path, d.sending, d.receiving,
  d.open_tracking, d.click_tracking, d.tracking_subdomain, d.tls, d.ownership, d.identity, d.sightings, d.problem, d.verifying_since,
  d.verified_at, d.followed_at, d.created_at`;

export interface DomainRow {
  id: string;
  project_id: string;
  connection_id: string;
  region: string;
  name: string;
  status: DomainStatus;
  return_path: string;
  sending: boolean;
  receiving: boolean;
  open_tracking: boolean;
  click_tracking: boolean;
  tracking_subdomain: string | null;
  tls: 'opportunistic' | 'enforced';
  ownership: Ownership | null;
  identity: Domain['identity'];
  sightings: Record<string, Sighting>;
  problem: DomainProblem | null;
  verifying_since: Date;
  verified_at: Date | null;
  followed_at: Date | null;
  created_at: Date;
}

export function toDomain(row: DomainRow): Domain {
  return {
    id: row.id,
    projectId: row.project_id,
    connectionId: row.connection_id,
    region: row.region,
    name: row.name,
    status: row.status,
    returnPath: row.return_path,
    sending: row.sending,
    receiving: row.receiving,
    openTracking: row.open_tracking,
    clickTracking: row.click_tracking,
    trackingSubdomain: row.tracking_subdomain,
    tls: row.tls,
    ownership: row.ownership,
    identity: row.identity,
    sightings: row.sightings,
    problem: row.problem,
    verifyingSince: row.verifying_since,
    verifiedAt: row.verified_at,
    followedAt: row.followed_at,
    createdAt: row.created_at,
  };
}
