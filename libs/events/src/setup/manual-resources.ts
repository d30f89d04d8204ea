import type { PolicyScope } from '#libs/connections';
import { foreignResource } from './feedback-errors.js';
import type { FeedbackMode } from './feedback-source.js';

/** What a customer made without us. Everything has a default: the names that the kit gives. */
export interface ManualResources {
  topicArn?: string | undefined;
  queueUrl?: string | undefined;
  configurationSet?: string | undefined;
}

/**
 * They must lie in the connection's own account and region: whoever may name others could read somebody else's events with this role.
 * Their names begin with `sesame-`, which is all that the role lets us touch.
 *
 * @throws AppError `feedback.foreign_resource`
 */
export function checkManual(mode: FeedbackMode, manual: ManualResources, scope: PolicyScope): void {
  const { partition, region, accountId } = scope;
  const { topicArn, queueUrl, configurationSet } = manual;
  if (mode === 'sns' && topicArn !== undefined) {
    const prefix = `arn:${partition}:sns:${region}:${accountId}:`;
    if (!topicArn.startsWith(prefix) || !/^sesame-[A-Za-z0-9_-]{1,249}$/.test(topicArn.slice(prefix.length)))
      throw foreignResource(
        'manual.topic_arn',
        `the ARN of a topic of this account and region: ${prefix}sesame-…`,
      );
  }
  if (mode === 'pull' && queueUrl !== undefined) {
    const [, owner, name] = /^https?:\/\/[^/]+\/(\d{12})\/([A-Za-z0-9_-]{1,80})$/.exec(queueUrl) ?? [];
    if (owner !== accountId || name?.startsWith('sesame-') !== true)
      throw foreignResource(
        'manual.queue_url',
        `the URL of a queue of this account: https://sqs.${region}.amazonaws.com/${accountId}/sesame-…`,
      );
  }
  if (configurationSet !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(configurationSet))
    throw foreignResource(
      'manual.configuration_set',
      'the name of a configuration set: 1-64 letters, digits, _ and -',
    );
}
