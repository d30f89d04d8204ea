import type { SNSClient } from '@aws-sdk/client-sns';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsFailure } from './aws-failure.js';
import { clientSettings, controlCall } from './control-call.js';
import type { AwsSession } from './credentials.js';

export interface TopicSubscription {
  protocol: 'sqs' | 'http' | 'https';
  /** ARN of the queue, or a URL. */
  endpoint: string;
  /** Subscription attributes: `RawMessageDelivery`, `DeliveryPolicy` … */
  attributes: Readonly<Record<string, string>>;
}

// Loaded when first used: most processes never speak to SNS.
const sdk = () => import('@aws-sdk/client-sns');

/** Topics and their subscriptions. Every call may be repeated. */
export class SnsGateway {
  constructor(private readonly handler: NodeHttpHandler) {}

  /** @returns the ARN, also of a topic that exists @throws AwsFailure */
  async createTopic(session: AwsSession, name: string): Promise<string> {
    const { CreateTopicCommand } = await sdk();
    const answer = await this.call(session, 'CreateTopic', [], (client) =>
      client.send(new CreateTopicCommand({ Name: name })),
    );
    return arn('CreateTopic', answer?.TopicArn);
  }

  /** @param attributes `Policy`, `SignatureVersion`, `DeliveryPolicy` … @throws AwsFailure */
  async setTopicAttributes(
    session: AwsSession,
    topicArn: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { SetTopicAttributesCommand } = await sdk();
    for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
      await this.call(session, 'SetTopicAttributes', [], (client) =>
        client.send(new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName, AttributeValue })),
      );
    }
  }

  /**
   * A queue of the topic's own account is subscribed at once; a URL gets a request to confirm, and another one with every call until it is.
   *
   * @returns the subscription's ARN, undefined while it is not confirmed
   * @throws AwsFailure
   */
  async subscribe(
    session: AwsSession,
    topicArn: string,
    { protocol, endpoint, attributes }: TopicSubscription,
  ): Promise<string | undefined> {
    const { SubscribeCommand } = await sdk();
    const answer = await this.call(session, 'Subscribe', [], (client) =>
      client.send(
        new SubscribeCommand({
          TopicArn: topicArn,
          Protocol: protocol,
          Endpoint: endpoint,
          Attributes: { ...attributes },
        }),
      ),
    );
    const found = answer?.SubscriptionArn;
    return found?.startsWith('arn:') === true ? found : undefined;
  }

  /** @param token from the message that SNS sent to the endpoint @returns the subscription's ARN @throws AwsFailure */
  async confirmSubscription(session: AwsSession, topicArn: string, token: string): Promise<string> {
    const { ConfirmSubscriptionCommand } = await sdk();
    const answer = await this.call(session, 'ConfirmSubscription', [], (client) =>
      client.send(new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: token })),
    );
    return arn('ConfirmSubscription', answer?.SubscriptionArn);
  }

  /** Its subscriptions go with it; a topic that is gone already is none. @throws AwsFailure */
  async deleteTopic(session: AwsSession, topicArn: string): Promise<void> {
    const { DeleteTopicCommand } = await sdk();
    await this.call(session, 'DeleteTopic', ['NotFound', 'NotFoundException'], (client) =>
      client.send(new DeleteTopicCommand({ TopicArn: topicArn })),
    );
  }

  private async call<T>(
    session: AwsSession,
    operation: string,
    doneCodes: readonly string[],
    send: (client: SNSClient) => Promise<T>,
  ): Promise<T | undefined> {
    const { SNSClient } = await sdk();
    const client = new SNSClient(clientSettings(session, this.handler));
    return controlCall('sns', operation, doneCodes, () => send(client));
  }
}

function arn(operation: string, value: string | undefined): string {
  if (value?.startsWith('arn:') === true) return value;
  throw new AwsFailure({
    service: 'sns',
    operation,
    code: 'MalformedAnswer',
    message: 'SNS answered without an ARN.',
    effect: 'unknown',
  });
}
