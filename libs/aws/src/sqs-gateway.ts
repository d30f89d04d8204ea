import type { SQSClient } from '@aws-sdk/client-sqs';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsFailure } from './aws-failure.js';
import { clientSettings, controlCall } from './control-call.js';
import type { AwsSession, SessionCredentials } from './credentials.js';
import { createLongPollHandler } from './http-handler.js';

export interface QueueMessage {
  /** SQS's own. */
  messageId: string;
  receiptHandle: string;
  body: string;
}

const sdk = () => import('@aws-sdk/client-sqs');
const goneCodes = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** Queues and their messages. */
export class SqsGateway {
  // Sockets of its own, and none before the first call: a long poll holds one for up to 20 seconds.
  private handler: NodeHttpHandler | undefined;
  // As long as the credentials live: a queue is asked many times with the same ones.
  private readonly clients = new WeakMap<SessionCredentials, SQSClient>();

  /** Makes the queue, or brings one that exists to these attributes. @returns its URL @throws AwsFailure */
  async putQueue(
    session: AwsSession,
    name: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { CreateQueueCommand, SetQueueAttributesCommand } = await sdk();
    const client = await this.client(session);
    // Without attributes a queue that exists is no error, whatever it is like.
    const made = await controlCall('sqs', 'CreateQueue', [], () =>
      client.send(new CreateQueueCommand({ QueueName: name })),
    );
    const url = made?.QueueUrl;
    if (url === undefined) throw malformed('CreateQueue');
    await controlCall('sqs', 'SetQueueAttributes', [], () =>
      client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { ...attributes } })),
    );
    return url;
  }

  /** @throws AwsFailure */
  async findQueue(session: AwsSession, name: string): Promise<string | undefined> {
    const { GetQueueUrlCommand } = await sdk();
    const client = await this.client(session);
    const found = await controlCall('sqs', 'GetQueueUrl', goneCodes, () =>
      client.send(new GetQueueUrlCommand({ QueueName: name })),
    );
    return found?.QueueUrl;
  }

  /** @returns how many messages wait, or undefined when there is no such queue @throws AwsFailure */
  async depth(session: AwsSession, url: string): Promise<number | undefined> {
    const { GetQueueAttributesCommand } = await sdk();
    const client = await this.client(session);
    const answer = await controlCall('sqs', 'GetQueueAttributes', goneCodes, () =>
      client.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
      ),
    );
    return answer === undefined ? undefined : Number(answer.Attributes?.['ApproximateNumberOfMessages'] ?? 0);
  }

  /**
   * What a queue still holds, also what somebody is reading at the moment. SQS counts approximately, and up to a minute late.
   *
   * @returns undefined when there is no such queue @throws AwsFailure
   */
  async outstanding(session: AwsSession, url: string): Promise<number | undefined> {
    const { GetQueueAttributesCommand } = await sdk();
    const client = await this.client(session);
    const AttributeNames = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ] as const;
    const answer = await controlCall('sqs', 'GetQueueAttributes', goneCodes, () =>
      client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] })),
    );
    return answer && AttributeNames.reduce((sum, name) => sum + Number(answer.Attributes?.[name] ?? 0), 0);
  }

  /**
   * Up to ten messages; what is not deleted comes again after the queue's visibility timeout.
   *
   * @param waitSeconds 0-20: how long to wait for the first one
   * @throws AwsFailure
   */
  async receive(
    session: AwsSession,
    url: string,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<QueueMessage[]> {
    const { ReceiveMessageCommand } = await sdk();
    const client = await this.client(session);
    const answer = await controlCall('sqs', 'ReceiveMessage', [], () =>
      client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds }),
        { abortSignal: signal },
      ),
    );
    return (answer?.Messages ?? []).flatMap(({ MessageId, ReceiptHandle, Body }) =>
      MessageId === undefined || ReceiptHandle === undefined || Body === undefined
        ? []
        : [{ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body }],
    );
  }

  /** @param messages at most ten; what cannot be deleted comes again @throws AwsFailure */
  async deleteBatch(session: AwsSession, url: string, messages: readonly QueueMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const { DeleteMessageBatchCommand } = await sdk();
    const client = await this.client(session);
    await controlCall('sqs', 'DeleteMessageBatch', [], () =>
      client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: url,
          Entries: messages.map(({ receiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle: receiptHandle,
          })),
        }),
      ),
    );
  }

  /** @throws AwsFailure */
  async deleteQueue(session: AwsSession, url: string): Promise<void> {
    const { DeleteQueueCommand } = await sdk();
    const client = await this.client(session);
    await controlCall('sqs', 'DeleteQueue', goneCodes, () =>
      client.send(new DeleteQueueCommand({ QueueUrl: url })),
    );
  }

  close(): void {
    this.handler?.destroy();
  }

  private async client(session: AwsSession): Promise<SQSClient> {
    const { SQSClient } = await sdk();
    const cached = this.clients.get(session.credentials);
    if (cached !== undefined) return cached;
    this.handler ??= createLongPollHandler();
    const client = new SQSClient({
      ...clientSettings(session, this.handler),
      // A queue's URL comes from outside: it names the queue, and never the host that our signed request goes to.
      useQueueUrlAsEndpoint: false,
    });
    this.clients.set(session.credentials, client);
    return client;
  }
}

function malformed(operation: string): AwsFailure {
  const message = 'SQS answered without a URL.';
  return new AwsFailure({ service: 'sqs', operation, code: 'MalformedAnswer', message, effect: 'unknown' });
}
