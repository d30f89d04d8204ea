import { parseResourcePolicy } from '../iam/resource-policy.js';
import type { Policy } from '../iam/policy-document.js';
import type { Account } from './account.js';
import type { ApiDestination, Connection, EventBusRegion, Rule, RuleTarget } from './event-bus.js';
import { Queue, type QueueDefinition, type RedrivePolicy, type SqsRegion } from './queue.js';
import type { QueueMessage } from './queue-message.js';
import type { SnsRegion, Subscription, Topic } from './topic.js';
import type { World } from './world.js';

type SavedTopic = Omit<Topic, 'attributes' | 'policy'> & {
  readonly attributes: [string, string][];
  readonly policy: unknown;
};
type SavedSubscription = Omit<Subscription, 'attributes'> & { readonly attributes: [string, string][] };

interface SavedQueue {
  readonly definition: QueueDefinition;
  readonly attributes: [string, string][];
  readonly policy: unknown;
  readonly redrive: RedrivePolicy | null;
  readonly tags: Record<string, string>;
  readonly modifiedAt: number;
  readonly messages: QueueMessage[];
}

export interface SavedMessaging {
  readonly sns: {
    readonly region: string;
    readonly topics: SavedTopic[];
    readonly subscriptions: SavedSubscription[];
  }[];
  readonly sqs: {
    readonly region: string;
    readonly queues: SavedQueue[];
    readonly deletedAt: [string, number][];
  }[];
  readonly eventBuses: {
    readonly region: string;
    readonly rules: (Omit<Rule, 'targets'> & { readonly targets: RuleTarget[] })[];
    readonly connections: Connection[];
    readonly apiDestinations: ApiDestination[];
  }[];
}

const saveSns = ({ region, topics, subscriptions }: SnsRegion): SavedMessaging['sns'][number] => ({
  region,
  topics: [...topics.values()].map((topic) => ({
    ...topic,
    attributes: [...topic.attributes],
    policy: topic.policy?.document ?? null,
  })),
  subscriptions: [...subscriptions.values()].map((subscription) => ({
    ...subscription,
    attributes: [...subscription.attributes],
  })),
});

const saveSqs = ({ region, queues, deletedAt }: SqsRegion): SavedMessaging['sqs'][number] => ({
  region,
  deletedAt: [...deletedAt],
  queues: [...queues.values()].map((queue) => ({
    definition: queue.definition,
    attributes: [...queue.attributes],
    policy: queue.policy?.document ?? null,
    redrive: queue.redrive,
    tags: queue.tags,
    modifiedAt: queue.modifiedAt,
    messages: queue.messages(),
  })),
});

const saveBus = (bus: EventBusRegion): SavedMessaging['eventBuses'][number] => ({
  region: bus.region,
  rules: [...bus.rules.values()].map((rule) => ({ ...rule, targets: [...rule.targets.values()] })),
  connections: [...bus.connections.values()],
  apiDestinations: [...bus.apiDestinations.values()],
});

export const saveMessaging = (account: Account): SavedMessaging => ({
  sns: [...account.sns.values()].map(saveSns),
  sqs: [...account.sqs.values()].map(saveSqs),
  eventBuses: [...account.eventBuses.values()].map(saveBus),
});

/**
 * Brings back topics, queues and buses. All accounts have to be there by then: policies name principals of others. What
 * was in flight when the file was written is in the queue again at once.
 */
export const restoreMessaging = (world: World, accountId: string, saved: SavedMessaging): void => {
  const restorePolicy = (document: unknown, service: 'sns' | 'sqs'): Policy | null =>
    document === null
      ? null
      : parseResourcePolicy(JSON.stringify(document), service, (arn) => world.findUniqueId(arn) ?? 'deleted');
  for (const { region, topics, subscriptions } of saved.sns) {
    const sns = world.sns(accountId, region);
    for (const topic of topics)
      sns.topics.set(topic.name, {
        ...topic,
        attributes: new Map(topic.attributes),
        policy: restorePolicy(topic.policy, 'sns'),
      });
    for (const subscription of subscriptions)
      sns.subscriptions.set(subscription.arn, {
        ...subscription,
        attributes: new Map(subscription.attributes),
      });
  }
  for (const { region, queues, deletedAt } of saved.sqs) {
    const sqs = world.sqs(accountId, region);
    for (const [name, at] of deletedAt) sqs.deletedAt.set(name, at);
    for (const item of queues) {
      const queue = new Queue(item.definition);
      for (const [name, value] of item.attributes) queue.attributes.set(name, value);
      queue.policy = restorePolicy(item.policy, 'sqs');
      queue.redrive = item.redrive;
      queue.tags = item.tags;
      queue.modifiedAt = item.modifiedAt;
      for (const message of item.messages)
        queue.put({ ...message, receiptHandle: null, invisibleUntil: 0 }, world.clock.now());
      sqs.queues.set(item.definition.name, queue);
    }
  }
  for (const { region, rules, connections, apiDestinations } of saved.eventBuses) {
    const bus = world.eventBus(accountId, region);
    for (const rule of rules)
      bus.rules.set(rule.name, {
        ...rule,
        targets: new Map(rule.targets.map((target) => [target.Id, target])),
      });
    for (const connection of connections) bus.connections.set(connection.name, connection);
    for (const destination of apiDestinations) bus.apiDestinations.set(destination.name, destination);
  }
};
