import { randomBytes, randomUUID } from 'node:crypto';
import { isCallable } from '../http/endpoint-client.js';
import { readMap } from '../http/query-parameters.js';
import type { XmlValue } from '../http/query-xml.js';
import type { Subscription, SubscriptionProtocol, Topic } from '../state/topic.js';
import type { World } from '../state/world.js';
import { retryPolicyOf } from './delivery-policy.js';
import { deliver, subscriptionsOf } from './deliver.js';
import { newConfirmation } from './envelope.js';
import { invalidParameter, notFound } from './errors.js';
import { page } from './page.js';
import {
  authorizeAnywhere,
  authorizeTopic,
  required,
  requireTopic,
  snsContext,
  topicArnOf,
  type SnsCall,
  type SnsOperation,
} from './sns-call.js';
import { attributeEntries } from './topic-operations.js';

const TOKEN_LIFETIME_MS = 3 * 24 * 3_600_000;
const ATTRIBUTES = new Set([
  'RawMessageDelivery',
  'FilterPolicy',
  'FilterPolicyScope',
  'RedrivePolicy',
  'DeliveryPolicy',
]);

const newToken = (): string => `2336412f37${randomBytes(104).toString('hex')}`;

const setAttribute = (attributes: Map<string, string>, name: string, value: string): void => {
  if (!ATTRIBUTES.has(name)) throw invalidParameter('AttributeName');
  if (name === 'RawMessageDelivery' && value !== 'true' && value !== 'false')
    throw invalidParameter(`RawMessageDelivery Reason: Unexpected value ${value}.`);
  if (value === '') {
    attributes.delete(name);
    return;
  }
  if (name !== 'RawMessageDelivery' && name !== 'FilterPolicyScope') {
    let parsed: unknown;
    try {
      parsed = JSON.parse(value);
    } catch {
      throw invalidParameter(`${name}: failed to parse JSON.`);
    }
    if (
      name === 'RedrivePolicy' &&
      !/^arn:aws:sqs:/.test(String((parsed as Record<string, unknown>)['deadLetterTargetArn']))
    )
      throw invalidParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  }
  attributes.set(name, value);
};

const readProtocol = (protocol: string, endpoint: string): SubscriptionProtocol => {
  switch (protocol) {
    case 'sqs':
      if (!/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/.test(endpoint))
        throw invalidParameter('SQS endpoint ARN');
      return protocol;
    case 'http':
    case 'https': {
      if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint))
        throw invalidParameter('Endpoint must match the specified protocol');
      if (!isCallable(new URL(endpoint)))
        throw invalidParameter('Endpoint Reason: the sandbox calls http:// endpoints on this machine only');
      return protocol;
    }
    default:
      throw invalidParameter(`Does not support this protocol string: ${protocol}`);
  }
};

const askForConfirmation = (world: World, topic: Topic, subscription: Subscription): void => {
  subscription.token = newToken();
  subscription.tokenExpiresAt = world.clock.now() + TOKEN_LIFETIME_MS;
  const message = newConfirmation('SubscriptionConfirmation', topic, subscription, world.clock.now());
  world.courier.later(0, () => deliver({ world, topic, subscription, message }));
};

/** A queue of the caller's own account needs no confirmation; everything else is asked first. */
const subscribe: SnsOperation = (call) => {
  const { world, caller, form, now } = call;
  const topicArn = topicArnOf(call);
  const protocolName = required(call, 'Protocol');
  const endpoint = required(call, 'Endpoint');
  const context = snsContext(call).set('sns:Protocol', protocolName).set('sns:Endpoint', endpoint);
  authorizeTopic(call, 'Subscribe', topicArn, context);
  const topic = requireTopic(call, topicArn);
  const protocol = readProtocol(protocolName, endpoint);
  const attributes = new Map<string, string>();
  for (const [name, value] of readMap(form, 'Attributes')) setAttribute(attributes, name, value);
  const answer = (subscription: Subscription): XmlValue => ({
    SubscriptionArn:
      subscription.isConfirmed || form.get('ReturnSubscriptionArn') === 'true'
        ? subscription.arn
        : 'pending confirmation',
  });

  const existing = subscriptionsOf(world, topic).find(
    (item) => item.protocol === protocol && item.endpoint === endpoint,
  );
  if (existing !== undefined) {
    for (const [name, value] of attributes) {
      if (existing.attributes.get(name) !== value)
        throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    }
    if (!existing.isConfirmed) askForConfirmation(world, topic, existing);
    return answer(existing);
  }
  const isConfirmed =
    protocol === 'sqs' && endpoint.split(':')[4] === caller.accountId && topic.accountId === caller.accountId;
  const subscription: Subscription = {
    arn: `${topic.arn}:${randomUUID()}`,
    topicArn,
    ownerId: caller.accountId,
    protocol,
    endpoint,
    createdAt: now,
    attributes,
    token: '',
    tokenExpiresAt: 0,
    isConfirmed,
    wasAuthenticated: isConfirmed,
    authenticateOnUnsubscribe: false,
  };
  world.sns(topic.accountId, topic.region).subscriptions.set(subscription.arn, subscription);
  if (!isConfirmed) askForConfirmation(world, topic, subscription);
  return answer(subscription);
};

/** Idempotent, and open to whoever has the token. The right token confirms even under the name of another topic. */
const confirmSubscription: SnsOperation = (call) => {
  const { world, form, region, now } = call;
  const topicArn = required(call, 'TopicArn');
  const token = required(call, 'Token');
  const [, , service, arnRegion, accountId = ''] = topicArn.split(':');
  if (service !== 'sns' || arnRegion !== region) throw invalidParameter('Topic');
  if (!call.isAnonymous) authorizeTopic(call, 'ConfirmSubscription', topicArn);
  if (!/^[0-9a-f]{100,}$/.test(token)) throw invalidParameter('Token Reason: Invalid token');
  const subscriptions = world.accounts.get(accountId)?.sns.get(region)?.subscriptions.values() ?? [];
  const subscription = [...subscriptions].find((item) => item.token === token);
  if (subscription === undefined || subscription.tokenExpiresAt < now) throw invalidParameter('Token');
  if (!subscription.isConfirmed) {
    subscription.isConfirmed = true;
    subscription.wasAuthenticated = !call.isAnonymous;
    subscription.authenticateOnUnsubscribe =
      !call.isAnonymous && form.get('AuthenticateOnUnsubscribe') === 'true';
  }
  return { SubscriptionArn: subscription.arn };
};

const findSubscription = (world: World, arn: string): Subscription | undefined => {
  const [, , , region = '', accountId = ''] = arn.split(':');
  return world.accounts.get(accountId)?.sns.get(region)?.subscriptions.get(arn);
};

const requiredArn = (call: SnsCall): string => {
  const arn = required(call, 'SubscriptionArn');
  const { length } = arn.split(':');
  if (length < 6)
    throw invalidParameter(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${length}`);
  if (length < 7) throw invalidParameter('SubscriptionId');
  return arn;
};

/**
 * Idempotent. Without a signature, as from the link in a message, the endpoint is told and can undo it with the token
 * of that message.
 */
const unsubscribe: SnsOperation = (call) => {
  const { world } = call;
  const arn = requiredArn(call);
  if (!call.isAnonymous) authorizeAnywhere(call, 'Unsubscribe');
  const subscription = findSubscription(world, arn);
  if (subscription === undefined) return undefined;
  if (call.isAnonymous && subscription.authenticateOnUnsubscribe)
    throw invalidParameter('SubscriptionArn Reason: this subscription asks for a signature');
  const topic = world.findTopic(subscription.topicArn);
  if (!call.isAnonymous || topic === undefined) {
    const [, , , region = '', accountId = ''] = arn.split(':');
    world.sns(accountId, region).subscriptions.delete(arn);
    return undefined;
  }
  subscription.isConfirmed = false;
  subscription.token = newToken();
  subscription.tokenExpiresAt = world.clock.now() + TOKEN_LIFETIME_MS;
  const message = newConfirmation('UnsubscribeConfirmation', topic, subscription, world.clock.now());
  world.courier.later(0, () => deliver({ world, topic, subscription, message }));
  return undefined;
};

const presentEntry = (subscription: Subscription): XmlValue => ({
  SubscriptionArn: subscription.isConfirmed ? subscription.arn : 'PendingConfirmation',
  Owner: subscription.ownerId,
  Protocol: subscription.protocol,
  Endpoint: subscription.endpoint,
  TopicArn: subscription.topicArn,
});

const list = (call: SnsCall, subscriptions: readonly Subscription[]): XmlValue => {
  const { items, NextToken } = page(subscriptions, call.form.get('NextToken'));
  return { Subscriptions: { member: items.map(presentEntry) }, NextToken };
};

const listSubscriptionsByTopic: SnsOperation = (call) => {
  const arn = topicArnOf(call);
  authorizeTopic(call, 'ListSubscriptionsByTopic', arn);
  return list(call, subscriptionsOf(call.world, requireTopic(call, arn)));
};

const listSubscriptions: SnsOperation = (call) => {
  authorizeAnywhere(call, 'ListSubscriptions');
  return list(call, [...call.world.sns(call.caller.accountId, call.region).subscriptions.values()]);
};

const requireSubscription = (call: SnsCall, action: string): Subscription => {
  const arn = requiredArn(call);
  authorizeAnywhere(call, action);
  const subscription = findSubscription(call.world, arn);
  if (subscription === undefined) throw notFound('Subscription does not exist');
  return subscription;
};

const getSubscriptionAttributes: SnsOperation = (call) => {
  const subscription = requireSubscription(call, 'GetSubscriptionAttributes');
  const topic = requireTopic(call, subscription.topicArn);
  return {
    Attributes: attributeEntries({
      SubscriptionArn: subscription.arn,
      TopicArn: subscription.topicArn,
      Owner: subscription.ownerId,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      PendingConfirmation: String(!subscription.isConfirmed),
      ConfirmationWasAuthenticated: String(subscription.wasAuthenticated),
      SubscriptionPrincipal: call.caller.principalArn,
      RawMessageDelivery: 'false',
      EffectiveDeliveryPolicy:
        subscription.protocol === 'sqs'
          ? undefined
          : JSON.stringify({ healthyRetryPolicy: retryPolicyOf(topic, subscription) }),
      ...Object.fromEntries(subscription.attributes),
    }),
  };
};

const setSubscriptionAttributes: SnsOperation = (call) => {
  const name = required(call, 'AttributeName');
  const subscription = requireSubscription(call, 'SetSubscriptionAttributes');
  setAttribute(subscription.attributes, name, call.form.get('AttributeValue') ?? '');
  return undefined;
};

export const SUBSCRIPTION_OPERATIONS = {
  Subscribe: subscribe,
  ConfirmSubscription: confirmSubscription,
  Unsubscribe: unsubscribe,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
} as const;
