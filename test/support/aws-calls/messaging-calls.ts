import * as eb from '@aws-sdk/client-eventbridge';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { nobody, type AwsCall, type AwsClients } from './aws-call.js';

const account = '444455556666';
const region = 'eu-west-1';
const topicArn = (name: string) => `arn:aws:sns:${region}:${account}:sesame-${name}`;
const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:sesame-${name}`;
const othersTopic = (name: string) => `arn:aws:sns:${region}:${account}:${name}`;

const reading = ['events of the kit', 'events', 'events by EventBridge'] as const;
const settingUp = ['events', 'events by EventBridge'] as const;
const rules = ['events by EventBridge'] as const;

const newTopic = ({ sns: client }: AwsClients, name: string) =>
  client.send(new sns.CreateTopicCommand({ Name: `sesame-${name}` }));
const othersNewTopic = ({ sns: client }: AwsClients, name: string) =>
  client.send(new sns.CreateTopicCommand({ Name: name }));

const ofSns = (
  call: string,
  allowedBy: AwsCall['allowedBy'],
  run: (client: sns.SNSClient, name: string) => Promise<unknown>,
  prepare?: AwsCall['prepare'],
): AwsCall => ({
  call: `sns ${call}`,
  allowedBy,
  run: (mine, name) => run(mine.sns, name),
  ...(prepare !== undefined && { prepare }),
});

const topics: AwsCall[] = [
  ofSns('CreateTopic', settingUp, (client, name) =>
    client.send(new sns.CreateTopicCommand({ Name: `sesame-${name}` })),
  ),
  ofSns('CreateTopic of another name', nobody, (client, name) =>
    client.send(new sns.CreateTopicCommand({ Name: name })),
  ),
  ofSns(
    'SetTopicAttributes',
    settingUp,
    (client, name) =>
      client.send(
        new sns.SetTopicAttributesCommand({
          TopicArn: topicArn(name),
          AttributeName: 'SignatureVersion',
          AttributeValue: '2',
        }),
      ),
    newTopic,
  ),
  ofSns(
    'DeleteTopic',
    settingUp,
    (client, name) => client.send(new sns.DeleteTopicCommand({ TopicArn: topicArn(name) })),
    newTopic,
  ),
  ofSns(
    'DeleteTopic of another name',
    nobody,
    (client, name) => client.send(new sns.DeleteTopicCommand({ TopicArn: othersTopic(name) })),
    othersNewTopic,
  ),
  ofSns(
    'GetTopicAttributes',
    nobody,
    (client, name) => client.send(new sns.GetTopicAttributesCommand({ TopicArn: topicArn(name) })),
    newTopic,
  ),
  ofSns('ListTopics', nobody, (client) => client.send(new sns.ListTopicsCommand({}))),
  ofSns(
    'Publish',
    nobody,
    (client, name) => client.send(new sns.PublishCommand({ TopicArn: topicArn(name), Message: 'm' })),
    newTopic,
  ),
  ofSns(
    'Subscribe a queue',
    settingUp,
    (client, name) =>
      client.send(
        new sns.SubscribeCommand({ TopicArn: topicArn(name), Protocol: 'sqs', Endpoint: queueArn(name) }),
      ),
    newTopic,
  ),
  ofSns(
    'Subscribe a queue to another topic',
    nobody,
    (client, name) =>
      client.send(
        new sns.SubscribeCommand({
          TopicArn: othersTopic(name),
          Protocol: 'sqs',
          Endpoint: queueArn(name),
        }),
      ),
    othersNewTopic,
  ),
  {
    ...ofSns(
      'Subscribe a mailbox',
      nobody,
      (client, name) =>
        client.send(
          new sns.SubscribeCommand({
            TopicArn: topicArn(name),
            Protocol: 'email',
            Endpoint: 'a@example.net',
          }),
        ),
      newTopic,
    ),
    // The sandbox sends no mail to subscribers, and says so after it has looked at the rights.
    orElse: 'InvalidParameter',
  },
  {
    ...ofSns(
      'ConfirmSubscription',
      reading,
      (client, name) =>
        client.send(new sns.ConfirmSubscriptionCommand({ TopicArn: topicArn(name), Token: 'a'.repeat(218) })),
      newTopic,
    ),
    // Nobody asked for a confirmation, so there is no token to show.
    orElse: 'InvalidParameter',
  },
];

const queueUrl = async ({ sqs: client }: AwsClients, name: string) =>
  (await client.send(new sqs.GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? '';
const urls = new Map<string, string>();
const receipts = new Map<string, string>();
const newQueue =
  (prefix = 'sesame-') =>
  async (all: AwsClients, name: string) => {
    await all.sqs.send(new sqs.CreateQueueCommand({ QueueName: `${prefix}${name}` }));
    urls.set(name, await queueUrl(all, `${prefix}${name}`));
  };
const newMessage = (prefix?: string) => async (all: AwsClients, name: string) => {
  await newQueue(prefix)(all, name);
  await all.sqs.send(new sqs.SendMessageCommand({ QueueUrl: urls.get(name), MessageBody: 'm' }));
  const { Messages = [] } = await all.sqs.send(new sqs.ReceiveMessageCommand({ QueueUrl: urls.get(name) }));
  receipts.set(name, Messages[0]?.ReceiptHandle ?? '');
};

const ofSqs = (
  call: string,
  allowedBy: AwsCall['allowedBy'],
  run: (client: sqs.SQSClient, QueueUrl: string, name: string) => Promise<unknown>,
  prepare?: AwsCall['prepare'],
): AwsCall => ({
  call: `sqs ${call}`,
  allowedBy,
  run: (mine, name) => run(mine.sqs, urls.get(name) ?? '', name),
  ...(prepare !== undefined && { prepare }),
});

const queues: AwsCall[] = [
  ofSqs('CreateQueue', settingUp, (client, _, name) =>
    client.send(new sqs.CreateQueueCommand({ QueueName: `sesame-${name}` })),
  ),
  ofSqs('CreateQueue of another name', nobody, (client, _, name) =>
    client.send(new sqs.CreateQueueCommand({ QueueName: name })),
  ),
  ofSqs(
    'SetQueueAttributes',
    settingUp,
    (client, QueueUrl) =>
      client.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '60' } })),
    newQueue(),
  ),
  ofSqs(
    'DeleteQueue',
    settingUp,
    (client, QueueUrl) => client.send(new sqs.DeleteQueueCommand({ QueueUrl })),
    newQueue(),
  ),
  ofSqs(
    'DeleteQueue of another name',
    nobody,
    (client, QueueUrl) => client.send(new sqs.DeleteQueueCommand({ QueueUrl })),
    newQueue(''),
  ),
  ofSqs(
    'GetQueueUrl',
    reading,
    (client, _, name) => client.send(new sqs.GetQueueUrlCommand({ QueueName: `sesame-${name}` })),
    newQueue(),
  ),
  ofSqs(
    'GetQueueAttributes',
    reading,
    (client, QueueUrl) =>
      client.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
    newQueue(),
  ),
  ofSqs(
    'ReceiveMessage',
    reading,
    (client, QueueUrl) => client.send(new sqs.ReceiveMessageCommand({ QueueUrl })),
    newQueue(),
  ),
  ofSqs(
    'ReceiveMessage of another queue',
    nobody,
    (client, QueueUrl) => client.send(new sqs.ReceiveMessageCommand({ QueueUrl })),
    newQueue(''),
  ),
  ofSqs(
    'DeleteMessage',
    reading,
    (client, QueueUrl, name) =>
      client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipts.get(name) ?? '' })),
    newMessage(),
  ),
  ofSqs(
    'DeleteMessage of another queue',
    nobody,
    (client, QueueUrl, name) =>
      client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipts.get(name) ?? '' })),
    newMessage(''),
  ),
  ofSqs(
    'SendMessage',
    nobody,
    (client, QueueUrl) => client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'm' })),
    newQueue(),
  ),
  ofSqs(
    'PurgeQueue',
    nobody,
    (client, QueueUrl) => client.send(new sqs.PurgeQueueCommand({ QueueUrl })),
    newQueue(),
  ),
  ofSqs('ListQueues', nobody, (client) => client.send(new sqs.ListQueuesCommand({}))),
];

const login: eb.CreateConnectionCommandInput = {
  Name: 'replaced',
  AuthorizationType: 'API_KEY',
  AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'x-secret', ApiKeyValue: 'v' } },
};
const pattern = JSON.stringify({ source: ['aws.ses'] });
const connectionArns = new Map<string, string>();
const newRule = ({ events }: AwsClients, name: string) =>
  events.send(new eb.PutRuleCommand({ Name: `sesame-${name}`, EventPattern: pattern }));
const newTarget = async (all: AwsClients, name: string) => {
  await newRule(all, name);
  await all.events.send(
    new eb.PutTargetsCommand({ Rule: `sesame-${name}`, Targets: [{ Id: 't', Arn: queueArn(name) }] }),
  );
};
const newLogin = async ({ events }: AwsClients, name: string) => {
  const { ConnectionArn = '' } = await events.send(
    new eb.CreateConnectionCommand({ ...login, Name: `sesame-${name}` }),
  );
  connectionArns.set(name, ConnectionArn);
};
const newApiDestination = async (all: AwsClients, name: string) => {
  await newLogin(all, name);
  await all.events.send(apiDestination(name));
};
const apiDestination = (name: string) =>
  new eb.CreateApiDestinationCommand({
    Name: `sesame-${name}`,
    ConnectionArn: connectionArns.get(name) ?? '',
    InvocationEndpoint: 'https://sesame.example.com/feedback',
    HttpMethod: 'POST',
  });

const ofEvents = (
  call: string,
  allowedBy: AwsCall['allowedBy'],
  run: (client: eb.EventBridgeClient, name: string) => Promise<unknown>,
  prepare?: AwsCall['prepare'],
): AwsCall => ({
  call: `events ${call}`,
  allowedBy,
  run: (mine, name) => run(mine.events, name),
  ...(prepare !== undefined && { prepare }),
});

const eventBridge: AwsCall[] = [
  ofEvents('PutRule', rules, (client, name) =>
    client.send(new eb.PutRuleCommand({ Name: `sesame-${name}`, EventPattern: pattern })),
  ),
  ofEvents('PutRule of another name', nobody, (client, name) =>
    client.send(new eb.PutRuleCommand({ Name: name, EventPattern: pattern })),
  ),
  ofEvents(
    'DescribeRule',
    nobody,
    (client, name) => client.send(new eb.DescribeRuleCommand({ Name: `sesame-${name}` })),
    newRule,
  ),
  ofEvents(
    'DeleteRule',
    rules,
    (client, name) => client.send(new eb.DeleteRuleCommand({ Name: `sesame-${name}` })),
    newRule,
  ),
  ofEvents(
    'PutTargets',
    rules,
    (client, name) =>
      client.send(
        new eb.PutTargetsCommand({ Rule: `sesame-${name}`, Targets: [{ Id: 't', Arn: queueArn(name) }] }),
      ),
    newRule,
  ),
  ofEvents(
    'RemoveTargets',
    rules,
    (client, name) => client.send(new eb.RemoveTargetsCommand({ Rule: `sesame-${name}`, Ids: ['t'] })),
    newTarget,
  ),
  ofEvents('CreateConnection', rules, (client, name) =>
    client.send(new eb.CreateConnectionCommand({ ...login, Name: `sesame-${name}` })),
  ),
  ofEvents(
    'UpdateConnection',
    rules,
    (client, name) => client.send(new eb.UpdateConnectionCommand({ ...login, Name: `sesame-${name}` })),
    newLogin,
  ),
  ofEvents(
    'DeleteConnection',
    rules,
    (client, name) => client.send(new eb.DeleteConnectionCommand({ Name: `sesame-${name}` })),
    newLogin,
  ),
  ofEvents('CreateApiDestination', rules, (client, name) => client.send(apiDestination(name)), newLogin),
  ofEvents(
    'UpdateApiDestination',
    rules,
    (client, name) =>
      client.send(new eb.UpdateApiDestinationCommand({ Name: `sesame-${name}`, HttpMethod: 'POST' })),
    newApiDestination,
  ),
  ofEvents(
    'DeleteApiDestination',
    rules,
    (client, name) => client.send(new eb.DeleteApiDestinationCommand({ Name: `sesame-${name}` })),
    newApiDestination,
  ),
];

/** Every call of SNS, SQS and EventBridge that the sandbox knows and that tells two grants apart. */
export const messagingCalls: readonly AwsCall[] = [...topics, ...queues, ...eventBridge];
