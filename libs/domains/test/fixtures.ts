import type { SesIdentityState } from '#libs/aws';
import type { Domain } from '../src/domain.js';
import type { FollowedDomain } from '../src/system-domains.repository.js';

export const now = new Date('2026-11-24T12:00:00Z');
export const hourMs = 3_600_000;

export function anIdentity(fields: Partial<SesIdentityState> = {}): SesIdentityState {
  return {
    isVerifiedForSending: false,
    verification: 'PENDING',
    dkim: { status: 'PENDING', tokens: ['t1', 't2', 't3'], hostedZone: 'dkim.amazonses.com', isEasy: true },
    mailFrom: { domain: 'send.mail.example.com', status: 'PENDING' },
    tags: {},
    ...fields,
  };
}

export const verifiedIdentity = anIdentity({
  isVerifiedForSending: true,
  verification: 'SUCCESS',
  dkim: { status: 'SUCCESS', tokens: ['t1', 't2', 't3'], hostedZone: 'dkim.amazonses.com', isEasy: true },
  mailFrom: { domain: 'send.mail.example.com', status: 'SUCCESS' },
});

export function aDomain(fields: Partial<Domain> = {}): Domain {
  return {
    id: '019a5b1e-0000-7000-8000-0000d0ad0001',
    projectId: '019a5b1e-0000-7000-8000-00000000cafe',
    connectionId: '019a5b1e-0000-7000-8000-0000deadbeef',
    region: 'eu-west-1',
    name: 'mail.example.com',
    status: 'pending',
    returnPath: 'send',
    sending: true,
    receiving: false,
    openTracking: false,
    clickTracking: false,
    trackingSubdomain: null,
    tls: 'opportunistic',
    ownership: 'created',
    identity: anIdentity(),
    sightings: {},
    problem: null,
    verifyingSince: now,
    verifiedAt: null,
    followedAt: now,
    createdAt: now,
    ...fields,
  };
}

export function aFollowedDomain(fields: Partial<FollowedDomain> = {}): FollowedDomain {
  return { ...aDomain(), deletedAt: null, isDisconnected: false, ...fields };
}
