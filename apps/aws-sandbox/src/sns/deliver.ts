import { authorizeService } from '../iam/evaluate.js';
import { RequestContext } from '../iam/request-context.js';
import type { DeliveryRecord } from '../state/delivery.js';
import type { Queue } from '../state/queue.js';
import type { Subscription, Topic } from '../state/topic.js';
import type { World } from '../state/world.js';
import { envelopeJson, type SnsMessage } from './envelope.js';
import { retriesOf } from './delivery-policy.js';

/** SNS gives an endpoint fifteen seconds. */
const TIMEOUT_MS = 15_000;
/** The principal SQS shows as the sender of what SNS delivers. */
const SNS_SENDER_ID = 'AIDASNSXXXXXXXEXAMPLE';

interface Delivery {
  readonly world: World;
  readonly topic: Topic;
  readonly subscription: Subscription;
  readonly message: SnsMessage;
}

const record = (
  { world, topic, subscription, message }: Delivery,
  outcome: DeliveryRecord['outcome'],
  attempt: number,
  httpStatus: number | null = null,
  reason: string | null = null,
  target = subscription.endpoint,
): void =>
  world.deliveries.add({
    at: new Date(world.clock.now()).toISOString(),
    service: 'sns',
    source: topic.arn,
    target,
    message_id: message.fields.MessageId,
    attempt,
    outcome,
    http_status: httpStatus,
    reason,
  });

const isRaw = (subscription: Subscription): boolean =>
  subscription.attributes.get('RawMessageDelivery') === 'true';

const bodyFor = ({ topic, message, subscription }: Delivery): string =>
  isRaw(subscription) && message.fields.Type === 'Notification'
    ? message.fields.Message
    : envelopeJson(topic, message, subscription);

/** A queue takes what its policy lets SNS send on behalf of this topic, and nothing else. */
const queueAllows = (queue: Queue, topic: Topic): boolean =>
  authorizeService(queue.policy, 'sns.amazonaws.com', {
    action: 'sqs:SendMessage',
    resource: queue.arn,
    context: RequestContext.of({
      'aws:SourceArn': topic.arn,
      'aws:SourceAccount': topic.accountId,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'sns.amazonaws.com',
      'aws:SecureTransport': 'true',
    }),
  });

const putIntoQueue = (delivery: Delivery, arn: string): 'delivered' | 'no such queue' | 'queue policy' => {
  const { world, topic, message, subscription } = delivery;
  const queue = world.findQueue(arn);
  if (queue === undefined) return 'no such queue';
  if (!queueAllows(queue, topic)) return 'queue policy';
  const attributes = isRaw(subscription)
    ? Object.fromEntries(
        Object.entries(message.attributes).map(([name, { Type, Value }]) => [
          name,
          { DataType: Type, StringValue: Value },
        ]),
      )
    : {};
  queue.send(bodyFor(delivery), world.clock.now(), SNS_SENDER_ID, { attributes });
  world.onMessage();
  return 'delivered';
};

/** Given up: the subscription's dead-letter queue keeps it, if there is one. An unsubscribe confirmation goes nowhere. */
const giveUp = (delivery: Delivery, attempt: number): void => {
  const { subscription, message } = delivery;
  const policy = subscription.attributes.get('RedrivePolicy');
  if (policy === undefined || message.fields.Type === 'UnsubscribeConfirmation') return;
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
  const result = putIntoQueue(delivery, deadLetterTargetArn);
  if (result === 'delivered') record(delivery, 'dead_letter', attempt, null, null, deadLetterTargetArn);
  else record(delivery, 'denied', attempt, null, result, deadLetterTargetArn);
};

const deliverToQueue = (delivery: Delivery): void => {
  const result = putIntoQueue(delivery, delivery.subscription.endpoint);
  if (result === 'delivered') {
    record(delivery, 'delivered', 1);
    return;
  }
  record(delivery, 'denied', 1, null, result);
  giveUp(delivery, 1);
};

const headersFor = ({ topic, subscription, message }: Delivery): Record<string, string> => {
  const { Type, MessageId } = message.fields;
  return {
    'x-amz-sns-message-type': Type,
    'x-amz-sns-message-id': MessageId,
    'x-amz-sns-topic-arn': topic.arn,
    ...(Type === 'SubscriptionConfirmation' ? {} : { 'x-amz-sns-subscription-arn': subscription.arn }),
    ...(isRaw(subscription) && Type === 'Notification' ? { 'x-amz-sns-rawdelivery': 'true' } : {}),
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'accept-encoding': 'gzip,deflate',
  };
};

/** 5xx, 429 and no answer are tried again, always with the same MessageId; any other refusal is final. */
const isTransient = (status: number | null): boolean => status === null || status === 429 || status >= 500;

const deliverOverHttp = async (delivery: Delivery, attempt = 1): Promise<void> => {
  const { world, topic, subscription } = delivery;
  const answer = await world.endpoints.send({
    url: subscription.endpoint,
    method: 'POST',
    headers: headersFor(delivery),
    body: bodyFor(delivery),
    timeoutMs: TIMEOUT_MS,
  });
  if (answer.status !== null && answer.status >= 200 && answer.status < 300) {
    record(delivery, 'delivered', attempt, answer.status);
    return;
  }
  record(delivery, 'failed', attempt, answer.status, answer.status === null ? answer.reason : null);
  if (isTransient(answer.status) && attempt <= retriesOf(topic, subscription)) {
    world.courier.later(world.settings.delivery_retry_ms, () => deliverOverHttp(delivery, attempt + 1));
    return;
  }
  giveUp(delivery, attempt);
};

/** Hands one message to one subscription, as far as policies and endpoint let it. */
export const deliver = (delivery: Delivery): void | Promise<void> =>
  delivery.subscription.protocol === 'sqs' ? deliverToQueue(delivery) : deliverOverHttp(delivery);

export const subscriptionsOf = (world: World, topic: Topic): Subscription[] =>
  [...world.sns(topic.accountId, topic.region).subscriptions.values()].filter(
    ({ topicArn }) => topicArn === topic.arn,
  );

/** To every confirmed subscription. A topic that has gone since takes the message with it. */
export const fanOut = async (world: World, topicArn: string, message: SnsMessage): Promise<void> => {
  const topic = world.findTopic(topicArn);
  if (topic === undefined) return;
  await Promise.all(
    subscriptionsOf(world, topic)
      .filter(({ isConfirmed }) => isConfirmed)
      .map((subscription) => deliver({ world, topic, subscription, message })),
  );
};
