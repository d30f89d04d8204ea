import { Queue } from '../state/queue.js';
import {
  invalidAttributeName,
  invalidParameterValue,
  purgeInProgress,
  queueDeletedRecently,
  queueDoesNotExist,
  queueNameExists,
} from './errors.js';
import { queueAttributes, setQueueAttribute } from './queue-attributes.js';
import {
  authorizeAnyQueue,
  authorizeQueueArn,
  optionalInteger,
  optionalText,
  queueArn,
  queueUrl,
  requiredText,
  requireQueue,
  textList,
  textMap,
  type SqsOperation,
} from './sqs-call.js';

const PURGE_INTERVAL_MS = 60_000;

/** JSON documents are compared by what they say, not by how they are written. */
const sameValue = (a: string | undefined, b: string): boolean => {
  if (a === b) return true;
  try {
    return JSON.stringify(JSON.parse(a ?? '')) === JSON.stringify(JSON.parse(b));
  } catch {
    return false;
  }
};

const createQueue: SqsOperation = (call) => {
  const { world, caller, region, now, input } = call;
  const name = requiredText(input, 'QueueName');
  const arn = queueArn(region, caller.accountId, name);
  authorizeQueueArn(call, 'CreateQueue', arn);
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw invalidParameterValue(
      name.endsWith('.fifo')
        ? 'The sandbox has standard queues only.'
        : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
  const attributes = Object.entries(textMap(input, 'Attributes'));
  const tags = { ...textMap(input, 'tags'), ...textMap(input, 'Tags') };
  if (Object.keys(tags).length > 0) authorizeQueueArn(call, 'TagQueue', arn);
  const sqs = world.sqs(caller.accountId, region);
  const existing = sqs.queues.get(name);
  if (existing !== undefined) {
    const current = queueAttributes(existing, now);
    for (const [key, value] of attributes) if (!sameValue(current[key], value)) throw queueNameExists(key);
    return { QueueUrl: queueUrl(call, existing) };
  }
  const wait = world.settings.queue_name_reuse_seconds;
  const deletedAt = sqs.deletedAt.get(name);
  if (deletedAt !== undefined && now - deletedAt < wait * 1000) throw queueDeletedRecently(wait);
  const queue = new Queue({ name, arn, accountId: caller.accountId, region, createdAt: now });
  queue.tags = tags;
  for (const [key, value] of attributes) setQueueAttribute(world, queue, key, value);
  sqs.deletedAt.delete(name);
  sqs.queues.set(name, queue);
  return { QueueUrl: queueUrl(call, queue) };
};

const getQueueUrl: SqsOperation = (call) => {
  const name = requiredText(call.input, 'QueueName');
  const owner = optionalText(call.input, 'QueueOwnerAWSAccountId') ?? call.caller.accountId;
  const arn = queueArn(call.region, owner, name);
  authorizeQueueArn(call, 'GetQueueUrl', arn);
  const queue = call.world.findQueue(arn);
  if (queue === undefined) throw queueDoesNotExist();
  return { QueueUrl: queueUrl(call, queue) };
};

const getQueueAttributes: SqsOperation = (call) => {
  const queue = requireQueue(call, 'GetQueueAttributes');
  const names = textList(call.input, 'AttributeNames');
  const all = queueAttributes(queue, call.now);
  if (names.includes('All')) return { Attributes: all };
  const known = new Set([
    ...Object.keys(all),
    'Policy',
    'RedrivePolicy',
    'RedriveAllowPolicy',
    'KmsMasterKeyId',
  ]);
  for (const name of names) if (!known.has(name)) throw invalidAttributeName(name);
  const chosen = Object.entries(all).filter(([name]) => names.includes(name));
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
};

const setQueueAttributes: SqsOperation = (call) => {
  const queue = requireQueue(call, 'SetQueueAttributes');
  for (const [name, value] of Object.entries(textMap(call.input, 'Attributes')))
    setQueueAttribute(call.world, queue, name, value);
  queue.modifiedAt = call.now;
  return {};
};

const deleteQueue: SqsOperation = (call) => {
  const queue = requireQueue(call, 'DeleteQueue');
  const { accountId, region, name } = queue.definition;
  const sqs = call.world.sqs(accountId, region);
  sqs.queues.delete(name);
  sqs.deletedAt.set(name, call.now);
  queue.wake();
  return {};
};

const purgeQueue: SqsOperation = (call) => {
  const queue = requireQueue(call, 'PurgeQueue');
  if (queue.purgedAt !== null && call.now - queue.purgedAt < PURGE_INTERVAL_MS)
    throw purgeInProgress(queue.definition.name);
  queue.purge(call.now);
  return {};
};

const listQueues: SqsOperation = (call) => {
  authorizeAnyQueue(call, 'ListQueues');
  const prefix = optionalText(call.input, 'QueueNamePrefix') ?? '';
  const max = optionalInteger(call.input, 'MaxResults', 1, 1000);
  const after = Buffer.from(optionalText(call.input, 'NextToken') ?? '', 'base64url').toString('utf8');
  const found = [...call.world.sqs(call.caller.accountId, call.region).queues.values()]
    .filter(({ definition: { name } }) => name.startsWith(prefix) && name > after)
    .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  const shown = found.slice(0, max ?? 1000);
  const last = shown.at(-1);
  return {
    ...(shown.length === 0 ? {} : { QueueUrls: shown.map((queue) => queueUrl(call, queue)) }),
    // Paged only when asked for, as in AWS.
    ...(max !== undefined && last !== undefined && shown.length < found.length
      ? { NextToken: Buffer.from(last.definition.name).toString('base64url') }
      : {}),
  };
};

const listDeadLetterSourceQueues: SqsOperation = (call) => {
  const target = requireQueue(call, 'ListDeadLetterSourceQueues');
  const { accountId, region } = target.definition;
  return {
    queueUrls: [...call.world.sqs(accountId, region).queues.values()]
      .filter((queue) => queue.redrive?.deadLetterTargetArn === target.arn)
      .map((queue) => queueUrl(call, queue)),
  };
};

const tagQueue: SqsOperation = (call) => {
  const queue = requireQueue(call, 'TagQueue');
  queue.tags = { ...queue.tags, ...textMap(call.input, 'Tags') };
  return {};
};

const untagQueue: SqsOperation = (call) => {
  const queue = requireQueue(call, 'UntagQueue');
  const keys = textList(call.input, 'TagKeys');
  queue.tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key)));
  return {};
};

const listQueueTags: SqsOperation = (call) => ({ Tags: requireQueue(call, 'ListQueueTags').tags });

export const QUEUE_OPERATIONS = {
  CreateQueue: createQueue,
  GetQueueUrl: getQueueUrl,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  DeleteQueue: deleteQueue,
  PurgeQueue: purgeQueue,
  ListQueues: listQueues,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
  ListQueueTags: listQueueTags,
} as const;
