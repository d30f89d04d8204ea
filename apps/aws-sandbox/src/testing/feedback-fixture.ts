import {
  CreateConfigurationSetCommand,
  CreateConfigurationSetEventDestinationCommand,
  SendEmailCommand,
  type EventType,
  type SendEmailCommandInput,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { CUSTOMER, Harness, REGION, statement, type Credentials } from './harness.js';
import { SIMPLE } from './send-fixture.js';

export const SET = 'main';
export const TOPIC_ARN = `arn:aws:sns:${REGION}:${CUSTOMER}:feedback`;
export const QUEUE_ARN = `arn:aws:sqs:${REGION}:${CUSTOMER}:feedback`;
export const SET_ARN = `arn:aws:ses:${REGION}:${CUSTOMER}:configuration-set/${SET}`;

export const ALL_TYPES: EventType[] = [
  'SEND',
  'REJECT',
  'BOUNCE',
  'COMPLAINT',
  'DELIVERY',
  'OPEN',
  'CLICK',
  'RENDERING_FAILURE',
  'DELIVERY_DELAY',
  'SUBSCRIPTION',
];

/** A policy of one statement for a service of AWS. */
export const servicePolicy = (
  service: string,
  action: string,
  resource: string,
  condition?: object,
): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: action,
        Resource: resource,
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });

export const TOPIC_POLICY = servicePolicy('ses.amazonaws.com', 'sns:Publish', TOPIC_ARN, {
  StringEquals: { 'AWS:SourceAccount': CUSTOMER, 'AWS:SourceArn': SET_ARN },
});
export const QUEUE_POLICY = servicePolicy('sns.amazonaws.com', 'sqs:SendMessage', QUEUE_ARN, {
  ArnEquals: { 'aws:SourceArn': TOPIC_ARN },
});

/** The record of an event as tests look at it. */
export interface SesRecord {
  readonly eventType: string;
  readonly mail: {
    readonly messageId: string;
    readonly tags: Record<string, string[]>;
    readonly [m: string]: unknown;
  };
  readonly [payload: string]: unknown;
}

/** A customer whose configuration set reports everything to a topic, and the topic to a queue. */
export class FeedbackFixture {
  readonly ses: SESv2Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;

  private constructor(
    readonly h: Harness,
    readonly credentials: Credentials,
    readonly queueUrl: string,
  ) {
    this.ses = h.ses(credentials);
    this.sns = h.sns(credentials);
    this.sqs = h.sqs(credentials);
  }

  static async setUp(h: Harness): Promise<FeedbackFixture> {
    await h.adminOk('POST', '/reset');
    await h.seedCustomer();
    await h.putRole({
      policies: { all: statement(['ses:*', 'sns:*', 'sqs:*', 'events:*', 'iam:PassRole']) },
    });
    const credentials = await h.assume();
    const sqs = h.sqs(credentials);
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'feedback', Attributes: { Policy: QUEUE_POLICY } }),
    );
    const fixture = new FeedbackFixture(h, credentials, QueueUrl);
    await fixture.sns.send(new CreateTopicCommand({ Name: 'feedback' }));
    await fixture.setTopic('Policy', TOPIC_POLICY);
    await fixture.sns.send(
      new SubscribeCommand({ TopicArn: TOPIC_ARN, Protocol: 'sqs', Endpoint: QUEUE_ARN }),
    );
    await fixture.ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName: SET }));
    return fixture;
  }

  async setTopic(AttributeName: string, AttributeValue: string): Promise<void> {
    await this.sns.send(
      new SetTopicAttributesCommand({ TopicArn: TOPIC_ARN, AttributeName, AttributeValue }),
    );
  }

  /** The event destination to the topic; its plain-text test message is taken out of the queue. */
  async reportToTopic(MatchingEventTypes: EventType[] = ALL_TYPES): Promise<void> {
    await this.ses.send(
      new CreateConfigurationSetEventDestinationCommand({
        ConfigurationSetName: SET,
        EventDestinationName: 'topic',
        EventDestination: {
          Enabled: true,
          MatchingEventTypes,
          SnsDestination: { TopicArn: TOPIC_ARN },
        },
      }),
    );
    await this.flush();
    await this.receiveAll();
  }

  async send(
    to: string | string[] = 'someone@example.net',
    changes: Partial<SendEmailCommandInput> = {},
  ): Promise<string> {
    const { MessageId = '' } = await this.ses.send(
      new SendEmailCommand({
        FromEmailAddress: 'Shop <news@example.com>',
        Destination: { ToAddresses: [to].flat() },
        Content: { Simple: SIMPLE },
        ConfigurationSetName: SET,
        EmailTags: [{ Name: 'email_id', Value: 'e-1' }],
        ...changes,
      }),
    );
    return MessageId;
  }

  flush(): Promise<{ delivered: number }> {
    return this.h.adminOk('POST', '/events/flush');
  }

  /** Takes everything out of the queue, in its order. */
  async receiveAll(): Promise<Message[]> {
    const all: Message[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return all;
      for (const { ReceiptHandle } of Messages)
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle }));
      all.push(...Messages);
    }
  }

  /** The envelopes SNS put into the queue. */
  async envelopes(): Promise<Record<string, string>[]> {
    await this.flush();
    return (await this.receiveAll()).map(({ Body = '' }) => JSON.parse(Body) as Record<string, string>);
  }

  /** The SES records in the queue. */
  async records(): Promise<SesRecord[]> {
    return (await this.envelopes()).map(({ Message: text = '' }) => JSON.parse(text) as SesRecord);
  }
}
