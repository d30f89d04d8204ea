import { MalformedPolicy } from '../iam/malformed-policy.js';
import { parseResourcePolicy } from '../iam/resource-policy.js';
import type { Tag } from '../iam/caller.js';
import { readList, readMap } from '../http/query-parameters.js';
import type { XmlValue } from '../http/query-xml.js';
import type { Topic } from '../state/topic.js';
import { topicRetryPolicy } from './delivery-policy.js';
import { subscriptionsOf } from './deliver.js';
import { invalidParameter } from './errors.js';
import { page } from './page.js';
import {
  authorizeAnywhere,
  authorizeTopic,
  required,
  requireTopic,
  topicArnOf,
  type SnsCall,
  type SnsOperation,
} from './sns-call.js';

const ATTRIBUTES = new Set([
  'Policy',
  'DisplayName',
  'DeliveryPolicy',
  'SignatureVersion',
  'KmsMasterKeyId',
  'TracingConfig',
  'HTTPSuccessFeedbackRoleArn',
  'HTTPSuccessFeedbackSampleRate',
  'HTTPFailureFeedbackRoleArn',
  'SQSSuccessFeedbackRoleArn',
  'SQSSuccessFeedbackSampleRate',
  'SQSFailureFeedbackRoleArn',
]);

const defaultPolicy = (topic: Topic): object => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'SNS:GetTopicAttributes',
        'SNS:SetTopicAttributes',
        'SNS:AddPermission',
        'SNS:RemovePermission',
        'SNS:DeleteTopic',
        'SNS:Subscribe',
        'SNS:ListSubscriptionsByTopic',
        'SNS:Publish',
      ],
      Resource: topic.arn,
      Condition: { StringEquals: { 'AWS:SourceOwner': topic.accountId } },
    },
  ],
});

const setAttribute = (call: SnsCall, topic: Topic, name: string, value: string): void => {
  if (!ATTRIBUTES.has(name)) throw invalidParameter('AttributeName');
  if (name === 'SignatureVersion' && value !== '1' && value !== '2')
    throw invalidParameter('SignatureVersion');
  if (name === 'DeliveryPolicy' && value !== '') {
    try {
      JSON.parse(value);
    } catch {
      throw invalidParameter('DeliveryPolicy: failed to parse JSON.');
    }
  }
  if (name !== 'Policy') {
    topic.attributes.set(name, value);
    return;
  }
  try {
    topic.policy = parseResourcePolicy(value, 'sns', (arn) => call.world.findUniqueId(arn));
  } catch (error) {
    if (error instanceof MalformedPolicy) throw invalidParameter(`Policy Error: ${error.message}`);
    throw error;
  }
};

const readTags = (call: SnsCall): Tag[] => {
  const values = readList(call.form, 'Tags', '.Value');
  return readList(call.form, 'Tags', '.Key').map((Key, i) => ({ Key, Value: values[i] ?? '' }));
};

const sameTags = (a: readonly Tag[], b: readonly Tag[]): boolean =>
  JSON.stringify([...a].sort((x, y) => (x.Key < y.Key ? -1 : 1))) ===
  JSON.stringify([...b].sort((x, y) => (x.Key < y.Key ? -1 : 1)));

/** Idempotent: the same name, attributes and tags again answer the topic that is there. */
const createTopic: SnsOperation = (call) => {
  const name = required(call, 'Name');
  const { world, caller, region, now } = call;
  const arn = `arn:aws:sns:${region}:${caller.accountId}:${name}`;
  authorizeTopic(call, 'CreateTopic', arn);
  // FIFO topics cannot reach HTTPS and are no destination for SES.
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
  const attributes = readMap(call.form, 'Attributes');
  const tags = readTags(call);
  if (tags.length > 0) authorizeTopic(call, 'TagResource', arn);
  const { topics } = world.sns(caller.accountId, region);
  const existing = topics.get(name);
  if (existing !== undefined) {
    for (const [key, value] of attributes) {
      if (key !== 'Policy' && (existing.attributes.get(key) ?? '') !== value)
        throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
    }
    if (tags.length > 0 && !sameTags(existing.tags, tags))
      throw invalidParameter('Tags Reason: Topic already exists with different tags');
    return { TopicArn: arn };
  }
  const topic: Topic = {
    name,
    arn,
    accountId: caller.accountId,
    region,
    createdAt: now,
    attributes: new Map(),
    policy: null,
    tags,
  };
  for (const [key, value] of attributes) setAttribute(call, topic, key, value);
  topics.set(name, topic);
  return { TopicArn: arn };
};

const entries = (values: Readonly<Record<string, string | undefined>>): XmlValue => ({
  entry: Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }])),
});

const getTopicAttributes: SnsOperation = (call) => {
  const arn = topicArnOf(call);
  authorizeTopic(call, 'GetTopicAttributes', arn);
  const topic = requireTopic(call, arn);
  const subscriptions = subscriptionsOf(call.world, topic);
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  return {
    Attributes: entries({
      Policy: JSON.stringify(topic.policy?.document ?? defaultPolicy(topic)),
      Owner: topic.accountId,
      SubscriptionsPending: String(subscriptions.length - confirmed),
      TopicArn: arn,
      EffectiveDeliveryPolicy: JSON.stringify({
        http: { defaultHealthyRetryPolicy: topicRetryPolicy(topic), disableSubscriptionOverrides: false },
      }),
      SubscriptionsConfirmed: String(confirmed),
      DisplayName: '',
      SubscriptionsDeleted: '0',
      ...Object.fromEntries(topic.attributes),
    }),
  };
};

const setTopicAttributes: SnsOperation = (call) => {
  const arn = topicArnOf(call);
  const name = required(call, 'AttributeName');
  authorizeTopic(call, 'SetTopicAttributes', arn);
  setAttribute(call, requireTopic(call, arn), name, call.form.get('AttributeValue') ?? '');
  return undefined;
};

/** Idempotent, and the topic's subscriptions go with it. */
const deleteTopic: SnsOperation = (call) => {
  const arn = topicArnOf(call);
  authorizeTopic(call, 'DeleteTopic', arn);
  const topic = call.world.findTopic(arn);
  if (topic === undefined) return undefined;
  const { topics, subscriptions } = call.world.sns(topic.accountId, topic.region);
  for (const { arn: subscriptionArn } of subscriptionsOf(call.world, topic))
    subscriptions.delete(subscriptionArn);
  topics.delete(topic.name);
  return undefined;
};

const listTopics: SnsOperation = (call) => {
  authorizeAnywhere(call, 'ListTopics');
  const { topics } = call.world.sns(call.caller.accountId, call.region);
  const { items, NextToken } = page([...topics.values()], call.form.get('NextToken'));
  return { Topics: { member: items.map(({ arn }) => ({ TopicArn: arn })) }, NextToken };
};

const resourceTopic = (call: SnsCall, action: string): Topic => {
  const arn = required(call, 'ResourceArn');
  authorizeTopic(call, action, arn);
  return requireTopic(call, arn);
};

const tagResource: SnsOperation = (call) => {
  const topic = resourceTopic(call, 'TagResource');
  const tags = new Map([...topic.tags, ...readTags(call)].map((tag) => [tag.Key, tag]));
  topic.tags = [...tags.values()];
  return {};
};

const untagResource: SnsOperation = (call) => {
  const topic = resourceTopic(call, 'UntagResource');
  const keys = readList(call.form, 'TagKeys');
  topic.tags = topic.tags.filter(({ Key }) => !keys.includes(Key));
  return {};
};

const listTagsForResource: SnsOperation = (call) => ({
  Tags: { member: resourceTopic(call, 'ListTagsForResource').tags.map(({ Key, Value }) => ({ Key, Value })) },
});

export const TOPIC_OPERATIONS = {
  CreateTopic: createTopic,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  DeleteTopic: deleteTopic,
  ListTopics: listTopics,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
} as const;

export { entries as attributeEntries };
