import type { SesIdentityState } from '#libs/aws';

/** Resend's words. `partially_verified`: mail may be sent, the MAIL FROM domain is not proven (yet). */
export const domainStatuses = [
  'not_started',
  'pending',
  'verified',
  'partially_verified',
  'failed',
  'temporary_failure',
] as const;
export type DomainStatus = (typeof domainStatuses)[number];

/** `created`: the SES identity is ours and goes with the domain; `adopted`: it was there before and is never changed. */
export type Ownership = 'created' | 'adopted';

/** Why SES could not be asked, or what it refused. */
export interface DomainProblem {
  /** `denied`: a right is missing · `refused`: SES does not take the domain · `waiting`: tried again by itself · `gone`: SES has no such identity any more. */
  kind: 'denied' | 'refused' | 'waiting' | 'gone';
  code: string;
  message: string;
  remedy: string | null;
}

/** What our own look at DNS found for one record. */
export interface Sighting {
  /** Null: DNS gave no answer. */
  isRight: boolean | null;
  /** The values that stand there, as DNS gives them. */
  observed: string[];
  /** What is probably the matter, and what to do. */
  hint: string | null;
}

/** What the customer may change. */
export interface DomainSettings {
  sending: boolean;
  receiving: boolean;
  openTracking: boolean;
  clickTracking: boolean;
  trackingSubdomain: string | null;
  tls: 'opportunistic' | 'enforced';
}

/** A domain that a project sends from: an identity of SES in its connection's account and region. */
export interface Domain extends DomainSettings {
  id: string;
  projectId: string;
  connectionId: string;
  region: string;
  /** Lower case, in punycode. */
  name: string;
  status: DomainStatus;
  /** The label before the name that makes the MAIL FROM domain. */
  returnPath: string;
  ownership: Ownership | null;
  /** As SES last described it; null until it was reached. */
  identity: SesIdentityState | null;
  /** By recordKey(). */
  sightings: Readonly<Record<string, Sighting>>;
  problem: DomainProblem | null;
  /** Since when its records are waited for. */
  verifyingSince: Date;
  verifiedAt: Date | null;
  /** The last time that its state was looked at; null until the first. */
  followedAt: Date | null;
  createdAt: Date;
}

/** States in which SES accepts mail from it. */
export const sendingDomainStatuses: readonly DomainStatus[] = ['verified', 'partially_verified'];
