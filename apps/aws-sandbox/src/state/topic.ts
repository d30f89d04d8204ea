import type { Tag } from '../iam/caller.js';
import type { Policy } from '../iam/policy-document.js';

export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly createdAt: number;
  /** DisplayName, DeliveryPolicy, SignatureVersion, … as they were set; the policy is kept apart. */
  readonly attributes: Map<string, string>;
  /** null = the default policy, which lets only the owner's account in. */
  policy: Policy | null;
  tags: readonly Tag[];
}

export type SubscriptionProtocol = 'sqs' | 'http' | 'https';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  /** The account that called Subscribe. */
  readonly ownerId: string;
  readonly protocol: SubscriptionProtocol;
  readonly endpoint: string;
  readonly createdAt: number;
  /** RawMessageDelivery, FilterPolicy, RedrivePolicy, DeliveryPolicy. */
  readonly attributes: Map<string, string>;
  token: string;
  tokenExpiresAt: number;
  isConfirmed: boolean;
  wasAuthenticated: boolean;
  authenticateOnUnsubscribe: boolean;
}

/** Everything SNS keeps for one account in one region. */
export interface SnsRegion {
  readonly accountId: string;
  readonly region: string;
  /** By name. */
  readonly topics: Map<string, Topic>;
  /** By ARN, in the order they came; only those of this region's topics. */
  readonly subscriptions: Map<string, Subscription>;
}

export const newSnsRegion = (accountId: string, region: string): SnsRegion => ({
  accountId,
  region,
  topics: new Map(),
  subscriptions: new Map(),
});
