import { callerContext } from '../iam/caller-context.js';
import { deniedText } from '../iam/denied-text.js';
import { authorizeCaller, authorizeResource } from '../iam/evaluate.js';
import { header } from '../http/request.js';
import type { CallContext } from '../http/service.js';
import type { Queue } from '../state/queue.js';
import { accessDenied, invalidParameterValue, missingParameter, queueDoesNotExist } from './errors.js';

/** The members of a request, whichever protocol it came in. */
export type SqsInput = Readonly<Record<string, unknown>>;
export type SqsOutput = Readonly<Record<string, unknown>>;

export interface SqsCall extends CallContext {
  readonly input: SqsInput;
}

export type SqsOperation = (call: SqsCall) => SqsOutput | Promise<SqsOutput>;

export const optionalText = (input: SqsInput, name: string): string | undefined => {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameterValue(`${name} is not a string.`);
  return value;
};

export const requiredText = (input: SqsInput, name: string): string => {
  const value = optionalText(input, name);
  if (value === undefined) throw missingParameter(name);
  return value;
};

/** A whole number within its bounds. Throws SqsError. */
export const optionalInteger = (
  input: SqsInput,
  name: string,
  min: number,
  max: number,
): number | undefined => {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw invalidParameterValue(
      `Value ${JSON.stringify(value)} for parameter ${name} is invalid. Reason: Must be >= ${min} and <= ${max}, if provided.`,
    );
  }
  return value;
};

export const textMap = (input: SqsInput, name: string): Record<string, string> => {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || !Object.values(value).every((item) => typeof item === 'string'))
    throw invalidParameterValue(`${name} is not a map of strings.`);
  return value as Record<string, string>;
};

export const textList = (input: SqsInput, name: string): string[] => {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw invalidParameterValue(`${name} is not a list of strings.`);
  return value as string[];
};

export const queueArn = (region: string, accountId: string, name: string): string =>
  `arn:aws:sqs:${region}:${accountId}:${name}`;

/** Under the address the caller used: clients send what concerns a queue to the host of its URL. */
export const queueUrl = ({ request }: CallContext, queue: Queue): string =>
  `http://${header(request, 'host') ?? 'localhost'}/${queue.definition.accountId}/${queue.definition.name}`;

const denied = (
  call: SqsCall,
  action: string,
  resource: string,
  policy: Queue['policy'],
  owner: string,
): void => {
  const request = {
    action: `sqs:${action}`,
    resource,
    context: callerContext(call.caller, call.request, call.region, call.now, call.world.settings).set(
      'aws:ResourceAccount',
      owner,
    ),
  };
  const decision =
    resource === '*'
      ? authorizeCaller(call.caller, request)
      : authorizeResource(policy, owner, call.caller, request);
  // SQS writes actions in lower case.
  if (!decision.isAllowed)
    throw accessDenied(deniedText(call.caller.arn, `sqs:${action.toLowerCase()}`, resource, decision));
};

/** Authorises an action on a queue that may not exist yet. */
export const authorizeQueueArn = (call: SqsCall, action: string, arn: string): void =>
  denied(call, action, arn, call.world.findQueue(arn)?.policy ?? null, arn.split(':')[4] ?? '');

export const authorizeAnyQueue = (call: SqsCall, action: string): void =>
  denied(call, action, '*', null, call.caller.accountId);

/** The queue of a URL, in the region that was signed for: only account and name count, whatever the host. */
export const requireQueue = (call: SqsCall, action: string): Queue => {
  const url = requiredText(call.input, 'QueueUrl');
  const [, accountId, name] = /\/(\d{12})\/([^/?]+)\/?$/.exec(url) ?? [];
  if (accountId === undefined || name === undefined)
    throw invalidParameterValue(`The address ${url} is not valid for this endpoint.`);
  const arn = queueArn(call.region, accountId, name);
  authorizeQueueArn(call, action, arn);
  const queue = call.world.findQueue(arn);
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
};
