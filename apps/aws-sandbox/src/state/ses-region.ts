import type { Tag } from '../iam/caller.js';
import { RateBucket } from './rate-bucket.js';
import { RollingWindow } from './rolling-window.js';

export type EnforcementStatus = 'HEALTHY' | 'PROBATION' | 'SHUTDOWN';
export type SuppressionReason = 'BOUNCE' | 'COMPLAINT';

export type MailFromStatus = 'PENDING' | 'SUCCESS' | 'FAILED' | 'TEMPORARY_FAILURE';

export interface Identity {
  readonly name: string;
  readonly type: 'EMAIL_ADDRESS' | 'DOMAIN';
  isVerified: boolean;
  /** Made by an API call, so that DNS decides; the admin API's word ends that. */
  followsDns: boolean;
  /** SES gives up three days after this. */
  searchingSince: number;
  readonly createdAt: number;
  dkim: { signingEnabled: boolean; origin: 'AWS_SES' | 'EXTERNAL'; tokens: string[]; keyLength: string };
  mailFrom: { domain: string; behaviorOnMxFailure: string; status: MailFromStatus } | null;
  feedbackForwarding: boolean;
  configurationSetName: string | null;
  policies: Record<string, string>;
}

export interface EventDestination {
  readonly Name: string;
  readonly Enabled: boolean;
  readonly MatchingEventTypes: readonly string[];
  readonly [destination: string]: unknown;
}

export interface ConfigurationSet {
  readonly name: string;
  readonly createdAt: number;
  sendingEnabled: boolean;
  /** null = the account's reasons hold; an empty list switches suppression off. */
  suppressedReasons: SuppressionReason[] | null;
  /** Delivery, tracking, reputation, VDM and archiving options as they were put. */
  options: Record<string, unknown>;
  eventDestinations: Map<string, EventDestination>;
}

export interface EmailTemplate {
  readonly name: string;
  readonly createdAt: number;
  content: { Subject?: string | undefined; Text?: string | undefined; Html?: string | undefined };
}

export interface SuppressedDestination {
  readonly emailAddress: string;
  readonly reason: SuppressionReason;
  readonly updatedAt: number;
}

/** Everything SES keeps for one account in one region; nothing of it is shared with another region. */
export interface SesRegion {
  readonly accountId: string;
  readonly region: string;
  productionAccess: boolean;
  sendingEnabled: boolean;
  enforcementStatus: EnforcementStatus;
  maxSendRate: number;
  max24HourSend: number;
  suppressedReasons: SuppressionReason[];
  vdmEnabled: boolean;
  readonly identities: Map<string, Identity>;
  readonly configurationSets: Map<string, ConfigurationSet>;
  readonly templates: Map<string, EmailTemplate>;
  readonly suppressed: Map<string, SuppressedDestination>;
  /** By resource ARN. */
  readonly tags: Map<string, readonly Tag[]>;
  readonly rate: RateBucket;
  sent: RollingWindow;
  /** Last control-plane call per action, for the switchable 1 request/s throttle. */
  readonly lastControlCall: Map<string, number>;
}

/** What a fresh AWS account has: the SES sandbox, 200 recipients a day, one a second. */
export const newSesRegion = (accountId: string, region: string): SesRegion => ({
  accountId,
  region,
  productionAccess: false,
  sendingEnabled: true,
  enforcementStatus: 'HEALTHY',
  maxSendRate: 1,
  max24HourSend: 200,
  suppressedReasons: ['BOUNCE', 'COMPLAINT'],
  vdmEnabled: false,
  identities: new Map(),
  configurationSets: new Map(),
  templates: new Map(),
  suppressed: new Map(),
  tags: new Map(),
  rate: new RateBucket(),
  sent: new RollingWindow(),
  lastControlCall: new Map(),
});
