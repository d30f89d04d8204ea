import type { toYaml } from '../to-yaml.js';
import type { PolicyScope } from '../scope.js';
import { feedbackSecretHeader } from './feedback-names.js';
import {
  deadLetterAttributes,
  endpointAttributes,
  queueAttributes,
  queuePolicy,
  rulePattern,
  targetRolePolicy,
  targetRoleTrust,
  topicPolicy,
} from './feedback-policies.js';
import { endpointProtocol, toCamel, wayEventTypes, type FeedbackWayFacts } from './feedback-way.js';

type Yaml = Parameters<typeof toYaml>[0];
type Resources = Record<string, Yaml>;

const plain = (value: object): Yaml => JSON.parse(JSON.stringify(value)) as Yaml;
const resource = (Type: string, Properties: Record<string, Yaml>, DependsOn?: string): Yaml => ({
  Type,
  ...(DependsOn !== undefined && { DependsOn }),
  Properties,
});

/** Resources of a CloudFormation template that bring SES's events to us. */
export function wayResources(scope: PolicyScope, way: FeedbackWayFacts): Resources {
  return {
    ConfigurationSet: resource('AWS::SES::ConfigurationSet', { Name: way.names.base }),
    ...(way.mode === 'eventbridge' ? rule(way) : topic(scope, way)),
    EventDestination: resource(
      'AWS::SES::ConfigurationSetEventDestination',
      {
        ConfigurationSetName: { Ref: 'ConfigurationSet' },
        EventDestination: {
          Name: way.names.destination,
          Enabled: true,
          MatchingEventTypes: wayEventTypes.map(toCamel),
          ...(way.mode === 'eventbridge'
            ? { EventBridgeDestination: { EventBusArn: way.arns.eventBus } }
            : { SnsDestination: { TopicARN: { Ref: 'Topic' } } }),
        },
      },
      way.mode === 'eventbridge' ? 'Rule' : 'TopicPolicy',
    ),
  };
}

function topic(scope: PolicyScope, way: FeedbackWayFacts): Resources {
  const { names, arns } = way;
  const isPull = way.mode === 'pull';
  const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = queueAttributes(arns);
  const { DeliveryPolicy, RedrivePolicy: kept } = endpointAttributes(arns);
  const readBy = isPull ? arns.queue : arns.deadLetter;
  return {
    Topic: resource('AWS::SNS::Topic', { TopicName: names.base, SignatureVersion: '2' }),
    TopicPolicy: resource('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: plain(topicPolicy(scope, arns)),
    }),
    DeadLetterQueue: resource('AWS::SQS::Queue', {
      QueueName: names.deadLetter,
      MessageRetentionPeriod: Number(deadLetterAttributes.MessageRetentionPeriod),
    }),
    ...(isPull && {
      Queue: resource(
        'AWS::SQS::Queue',
        {
          QueueName: names.base,
          MessageRetentionPeriod: Number(MessageRetentionPeriod),
          VisibilityTimeout: Number(VisibilityTimeout),
          RedrivePolicy: parsed(RedrivePolicy),
        },
        'DeadLetterQueue',
      ),
    }),
    QueuePolicy: resource('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: isPull ? 'Queue' : 'DeadLetterQueue' }],
      PolicyDocument: plain(queuePolicy(readBy, arns)),
    }),
    Subscription: resource(
      'AWS::SNS::Subscription',
      isPull
        ? { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: arns.queue, RawMessageDelivery: false }
        : {
            TopicArn: { Ref: 'Topic' },
            Protocol: endpointProtocol(way.endpointUrl ?? ''),
            Endpoint: way.endpointUrl ?? '',
            RawMessageDelivery: false,
            DeliveryPolicy: parsed(DeliveryPolicy),
            RedrivePolicy: parsed(kept),
          },
      'QueuePolicy',
    ),
  };
}

function rule(way: FeedbackWayFacts): Resources {
  const { names, arns } = way;
  return {
    ApiConnection: resource('AWS::Events::Connection', {
      Name: names.base,
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: { ApiKeyName: feedbackSecretHeader, ApiKeyValue: way.secret ?? '' },
      },
    }),
    ApiDestination: resource('AWS::Events::ApiDestination', {
      Name: names.base,
      ConnectionArn: { 'Fn::GetAtt': ['ApiConnection', 'Arn'] },
      InvocationEndpoint: way.endpointUrl ?? '',
      HttpMethod: 'POST',
    }),
    TargetRole: resource('AWS::IAM::Role', {
      RoleName: names.targetRole,
      AssumeRolePolicyDocument: plain(targetRoleTrust()),
      Policies: [{ PolicyName: 'call-sesame', PolicyDocument: plain(targetRolePolicy(arns)) }],
    }),
    Rule: resource('AWS::Events::Rule', {
      Name: names.base,
      EventPattern: plain(rulePattern(names)),
      Targets: [
        {
          Id: names.destination,
          Arn: { 'Fn::GetAtt': ['ApiDestination', 'Arn'] },
          RoleArn: { 'Fn::GetAtt': ['TargetRole', 'Arn'] },
        },
      ],
    }),
  };
}

function parsed(json: string | undefined): Yaml {
  return JSON.parse(json ?? '{}') as Yaml;
}
