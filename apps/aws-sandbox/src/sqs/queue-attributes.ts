import { MalformedPolicy } from '../iam/malformed-policy.js';
import { parseResourcePolicy } from '../iam/resource-policy.js';
import type { Queue } from '../state/queue.js';
import { DEFAULT_QUEUE_ATTRIBUTES } from '../state/queue.js';
import type { World } from '../state/world.js';
import { invalidAttributeName, invalidAttributeValue, invalidParameterValue } from './errors.js';

const RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  VisibilityTimeout: [0, 43_200],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  DelaySeconds: [0, 900],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};

const STORED = new Set([
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'RedriveAllowPolicy',
]);

const setPolicy = (world: World, queue: Queue, value: string): void => {
  if (value === '') {
    queue.policy = null;
    return;
  }
  try {
    queue.policy = parseResourcePolicy(value, 'sqs', (arn) => world.findUniqueId(arn));
  } catch (error) {
    if (error instanceof MalformedPolicy) throw invalidAttributeValue('Policy', error.message);
    throw error;
  }
};

const setRedrive = (world: World, queue: Queue, value: string): void => {
  if (value === '') {
    queue.redrive = null;
    return;
  }
  const wrong = (reason: string): Error =>
    invalidParameterValue(`Value ${value} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  let policy: Record<string, unknown>;
  try {
    policy = JSON.parse(value) as Record<string, unknown>;
  } catch {
    throw wrong('Redrive policy is not a valid JSON map.');
  }
  const target = policy['deadLetterTargetArn'];
  const maxReceiveCount = Number(policy['maxReceiveCount']);
  if (typeof target !== 'string')
    throw wrong('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000)
    throw wrong('Invalid value for maxReceiveCount: it must be between 1 and 1000.');
  const [, , , region, accountId] = target.split(':');
  if (region !== queue.definition.region || accountId !== queue.definition.accountId)
    throw wrong('Dead-letter target owner should be same as the source.');
  if (world.findQueue(target) === undefined) throw wrong('Dead letter target does not exist.');
  queue.redrive = { deadLetterTargetArn: target, maxReceiveCount };
};

/** Sets one attribute. Throws SqsError. */
export const setQueueAttribute = (world: World, queue: Queue, name: string, value: string): void => {
  if (name === 'Policy') setPolicy(world, queue, value);
  else if (name === 'RedrivePolicy') setRedrive(world, queue, value);
  else {
    const range = RANGES[name];
    if (range !== undefined) {
      const number = Number(value);
      if (!/^\d+$/.test(value) || number < range[0] || number > range[1]) throw invalidAttributeValue(name);
    } else if (!STORED.has(name)) throw invalidAttributeName(name);
    queue.attributes.set(name, value);
  }
};

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** All attributes a queue has now, counters included. */
export const queueAttributes = (queue: Queue, now: number): Record<string, string> => {
  const counts = queue.counts(now);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: seconds(queue.definition.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
    ...DEFAULT_QUEUE_ATTRIBUTES,
    ...Object.fromEntries(queue.attributes),
    ...(queue.policy === null ? {} : { Policy: JSON.stringify(queue.policy.document) }),
    ...(queue.redrive === null ? {} : { RedrivePolicy: JSON.stringify(queue.redrive) }),
  };
};
