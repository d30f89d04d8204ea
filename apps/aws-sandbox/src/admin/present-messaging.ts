import type { Account } from '../state/account.js';
import type { EventBusRegion } from '../state/event-bus.js';
import type { Queue, SqsRegion } from '../state/queue.js';
import type { SnsRegion } from '../state/topic.js';

const presentTopics = ({ topics, subscriptions }: SnsRegion): Record<string, unknown> =>
  Object.fromEntries(
    [...topics.values()].map((topic) => [
      topic.name,
      {
        arn: topic.arn,
        attributes: Object.fromEntries(topic.attributes),
        policy: topic.policy?.document ?? null,
        // The token is left out: it confirms whoever holds it.
        subscriptions: [...subscriptions.values()]
          .filter(({ topicArn }) => topicArn === topic.arn)
          .map((subscription) => ({
            arn: subscription.arn,
            protocol: subscription.protocol,
            endpoint: subscription.endpoint,
            confirmed: subscription.isConfirmed,
            attributes: Object.fromEntries(subscription.attributes),
          })),
      },
    ]),
  );

const presentQueue = (queue: Queue, now: number): Record<string, unknown> => {
  const { visible, inFlight, delayed } = queue.counts(now);
  return {
    arn: queue.arn,
    attributes: Object.fromEntries(queue.attributes),
    policy: queue.policy?.document ?? null,
    redrive_policy: queue.redrive,
    messages: { visible, in_flight: inFlight, delayed, dropped: queue.dropped },
  };
};

const presentQueues = ({ queues }: SqsRegion, now: number): Record<string, unknown> =>
  Object.fromEntries([...queues].map(([name, queue]) => [name, presentQueue(queue, now)]));

const presentBus = (bus: EventBusRegion): Record<string, unknown> => ({
  rules: Object.fromEntries(
    [...bus.rules.values()].map((rule) => [
      rule.name,
      {
        arn: rule.arn,
        state: rule.state,
        event_pattern: rule.eventPattern,
        targets: [...rule.targets.values()],
      },
    ]),
  ),
  connections: Object.fromEntries(
    [...bus.connections.values()].map((connection) => [
      connection.name,
      {
        arn: connection.arn,
        state: connection.state,
        authorization_type: connection.authorizationType,
        header_name: connection.header.name,
      },
    ]),
  ),
  api_destinations: Object.fromEntries(
    [...bus.apiDestinations.values()].map((destination) => [
      destination.name,
      {
        arn: destination.arn,
        connection_arn: destination.connectionArn,
        invocation_endpoint: destination.invocationEndpoint,
        http_method: destination.httpMethod,
      },
    ]),
  ),
});

/** Topics, queues and the event bus of one region, where there are any. */
export const presentMessaging = (account: Account, region: string, now: number): Record<string, unknown> => {
  const sns = account.sns.get(region);
  const sqs = account.sqs.get(region);
  const bus = account.eventBuses.get(region);
  return {
    ...(sns === undefined ? {} : { topics: presentTopics(sns) }),
    ...(sqs === undefined ? {} : { queues: presentQueues(sqs, now) }),
    ...(bus === undefined ? {} : { event_bus: presentBus(bus) }),
  };
};

export const messagingRegions = (account: Account): string[] => [
  ...account.sns.keys(),
  ...account.sqs.keys(),
  ...account.eventBuses.keys(),
];
