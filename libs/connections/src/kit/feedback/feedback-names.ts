import { arnOf, iamArn, sesArn, type PolicyScope } from '../scope.js';

/** The three ways that SES's events can take. */
export const feedbackModes = ['pull', 'sns', 'eventbridge'] as const;
export type FeedbackMode = (typeof feedbackModes)[number];

/** Header of the API key that EventBridge sends along. */
export const feedbackSecretHeader = 'x-sesame-secret';

/**
 * What carries a connection's events is named after it, so that policies can be bound to `sesame-*`, two connections to one AWS account
 * do not meet, and a set-up that was cut short finds what it made.
 */
export interface FeedbackNames {
  /** Configuration set, topic, queue, rule, API destination and its connection. */
  base: string;
  deadLetter: string;
  /** In the configuration set, and of the rule. */
  destination: string;
  /** The role in which EventBridge calls the endpoint. */
  targetRole: string;
}

export function feedbackNames(connectionId: string): FeedbackNames {
  const base = `sesame-${connectionId.slice(-12)}`;
  return { base, deadLetter: `${base}-dead`, destination: 'sesame', targetRole: `${base}-events` };
}

export interface FeedbackArns {
  configurationSet: string;
  topic: string;
  queue: string;
  deadLetter: string;
  apiDestinations: string;
  targetRole: string;
  eventBus: string;
}

export function feedbackArns(scope: PolicyScope, names: FeedbackNames): FeedbackArns {
  return {
    configurationSet: sesArn(scope, `configuration-set/${names.base}`),
    topic: arnOf(scope, 'sns', names.base),
    queue: arnOf(scope, 'sqs', names.base),
    deadLetter: arnOf(scope, 'sqs', names.deadLetter),
    apiDestinations: arnOf(scope, 'events', `api-destination/${names.base}/*`),
    targetRole: iamArn(scope, `role/${names.targetRole}`),
    eventBus: arnOf(scope, 'events', 'event-bus/default'),
  };
}
