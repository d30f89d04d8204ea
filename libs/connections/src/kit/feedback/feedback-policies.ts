import type { PolicyDocument, PolicyStatement } from '../policy-document.js';
import type { PolicyScope } from '../scope.js';
import type { FeedbackArns, FeedbackNames } from './feedback-names.js';

const policyOf = (statement: PolicyStatement): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [statement],
});

/** A topic's own default policy does not let SES publish (aws.md C.6). */
export function topicPolicy(scope: PolicyScope, arns: FeedbackArns): PolicyDocument {
  return policyOf({
    Sid: 'SesPublishes',
    Effect: 'Allow',
    Principal: { Service: 'ses.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: arns.topic,
    Condition: {
      StringEquals: { 'AWS:SourceArn': arns.configurationSet, 'AWS:SourceAccount': scope.accountId ?? '*' },
    },
  });
}

/** @param queue ARN of the queue or of the dead-letter queue */
export function queuePolicy(queue: string, arns: FeedbackArns): PolicyDocument {
  return policyOf({
    Sid: 'TopicSends',
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': arns.topic } },
  });
}

export function targetRoleTrust(): PolicyDocument {
  return policyOf({
    Sid: 'EventBridgeAssumes',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sts:AssumeRole',
  });
}

export function targetRolePolicy(arns: FeedbackArns): PolicyDocument {
  return policyOf({
    Sid: 'CallSesame',
    Effect: 'Allow',
    Action: 'events:InvokeApiDestination',
    Resource: arns.apiDestinations,
  });
}

/** Events of the mail that carries the configuration set, and no others. */
export function rulePattern(names: FeedbackNames): object {
  return { source: ['aws.ses'], detail: { mail: { tags: { 'ses:configuration-set': [names.base] } } } };
}

const days = (count: number): string => String(count * 86_400);

/** Two weeks: the longest that SQS keeps anything. */
export const deadLetterAttributes = { MessageRetentionPeriod: days(14) } as const;

export function queueAttributes(arns: FeedbackArns): Record<string, string> {
  return {
    MessageRetentionPeriod: days(14),
    // A message that we stored and could not delete comes again soon; one that is being stored does not.
    VisibilityTimeout: '60',
    Policy: JSON.stringify(queuePolicy(arns.queue, arns)),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arns.deadLetter, maxReceiveCount: 20 }),
  };
}

/** Of a subscription over HTTPS: by itself SNS gives up after a minute, with this after an hour, and then keeps the message in the queue. */
export function endpointAttributes(arns: FeedbackArns): Record<string, string> {
  const healthyRetryPolicy = {
    numRetries: 30,
    minDelayTarget: 5,
    maxDelayTarget: 120,
    backoffFunction: 'exponential',
  };
  return {
    RawMessageDelivery: 'false',
    DeliveryPolicy: JSON.stringify({ healthyRetryPolicy }),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arns.deadLetter }),
  };
}
