import { deniedText } from '../iam/denied-text.js';
import { callerContext } from '../iam/caller-context.js';
import { authorizeCaller, authorizeResource } from '../iam/evaluate.js';
import type { RequestContext } from '../iam/request-context.js';
import type { CallContext } from '../http/service.js';
import type { XmlValue } from '../http/query-xml.js';
import type { Topic } from '../state/topic.js';
import { authorizationError, invalidParameter, missingParameter, notFound } from './errors.js';

/** A call of SNS on its way through an operation. */
export interface SnsCall extends CallContext {
  readonly form: URLSearchParams;
  /** Nobody signed: only confirming and unsubscribing are open to that. */
  readonly isAnonymous: boolean;
}

export type SnsOperation = (call: SnsCall) => XmlValue | undefined;

export const required = ({ form }: SnsCall, name: string): string => {
  const value = form.get(name);
  if (value === null) throw missingParameter(name);
  return value;
};

export const snsContext = (call: SnsCall): RequestContext =>
  callerContext(call.caller, call.request, call.region, call.now, call.world.settings);

/** SNS writes its name in capitals in the text, whatever a policy says. */
const denied = (
  call: SnsCall,
  action: string,
  resource: string,
  decision: Parameters<typeof deniedText>[3],
): Error => authorizationError(deniedText(call.caller.arn, `SNS:${action}`, resource, decision));

/** Topics have policies of their own. `context` may bring the keys of the operation. */
export const authorizeTopic = (
  call: SnsCall,
  action: string,
  arn: string,
  context: RequestContext = snsContext(call),
): void => {
  const topic = call.world.findTopic(arn);
  const owner = arn.split(':')[4] ?? '';
  context.set('aws:ResourceAccount', owner);
  const decision = authorizeResource(topic?.policy ?? null, owner, call.caller, {
    action: `sns:${action}`,
    resource: arn,
    context,
  });
  if (!decision.isAllowed) throw denied(call, action, arn, decision);
};

/**
 * Operations on subscriptions and lists know no resource: a statement that names a topic does not allow them. Nor does
 * a topic's policy.
 */
export const authorizeAnywhere = (call: SnsCall, action: string): void => {
  const request = { action: `sns:${action}`, resource: '*', context: snsContext(call) };
  const decision = authorizeCaller(call.caller, request);
  if (!decision.isAllowed) throw denied(call, action, '*', decision);
};

/** Checks the form of a topic ARN and that it belongs to the region that was asked. */
export const checkTopicArn = ({ region }: SnsCall, arn: string, name = 'TopicArn'): void => {
  const parts = arn.split(':');
  if (parts.length < 6)
    throw invalidParameter(`${name} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  if (parts[0] !== 'arn' || parts[2] !== 'sns' || parts[3] !== region) throw invalidParameter(name);
};

export const topicArnOf = (call: SnsCall): string => {
  const arn = required(call, 'TopicArn');
  checkTopicArn(call, arn);
  return arn;
};

export const requireTopic = (call: SnsCall, arn: string): Topic => {
  const topic = call.world.findTopic(arn);
  if (topic === undefined) throw notFound('Topic does not exist');
  return topic;
};
