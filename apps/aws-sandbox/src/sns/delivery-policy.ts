import type { Subscription, Topic } from '../state/topic.js';

interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numMaxDelayRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly backoffFunction: string;
}

/** What SNS does unless it is told otherwise: three retries, twenty seconds apart. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};

const parse = (text: string | undefined): Record<string, unknown> => {
  if (text === undefined || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

export const topicRetryPolicy = (topic: Topic): RetryPolicy => {
  const http = parse(topic.attributes.get('DeliveryPolicy'))['http'] as Record<string, unknown> | undefined;
  return {
    ...DEFAULT_RETRY_POLICY,
    ...(http?.['defaultHealthyRetryPolicy'] as Partial<RetryPolicy> | undefined),
  };
};

/** The subscription's own policy wins over its topic's. */
export const retryPolicyOf = (topic: Topic, subscription: Subscription): RetryPolicy => ({
  ...topicRetryPolicy(topic),
  ...(parse(subscription.attributes.get('DeliveryPolicy'))['healthyRetryPolicy'] as
    Partial<RetryPolicy> | undefined),
});

export const retriesOf = (topic: Topic, subscription: Subscription): number =>
  retryPolicyOf(topic, subscription).numRetries;
