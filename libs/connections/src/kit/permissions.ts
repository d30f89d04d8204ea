import { purposes } from '#libs/queue';
import type { PolicyDocument, PolicyStatement } from './policy-document.js';
import { arnOf, iamArn, sesArn, type PolicyScope } from './scope.js';
import { boundTo } from './source-ips.js';

export type Purpose = (typeof purposes)[number];
export const kitPurposes = [...purposes, 'all'] as const;
export type KitPurpose = (typeof kitPurposes)[number];

/**
 * From address of the permission probe while no mail of the project shows a better one. Nobody can verify
 * example.com (RFC 2606), so a policy that allows it allows nothing.
 */
export const probeAddress = 'sesame-probe@example.com';

/** Who makes what SES's events come through, and so which rights `events` needs (docs/feedback.md). */
export const feedbackGrants = [
  'set_up', // Sesame makes topics and queues
  'eventbridge', // and rules that post to it
  'kit', // the customer made them with the kit: Sesame only reads
] as const;
export type FeedbackGrant = (typeof feedbackGrants)[number];

export interface PolicyOptions {
  /** Value of the condition on `ses:FromAddress`; only `send` knows it. SendBulkEmail is not granted at all, because that
   * condition does not hold for it. */
  from?: string | undefined;
  /** `set_up` by default; only `events` knows it. */
  feedback?: FeedbackGrant | undefined;
  /** Addresses or CIDR blocks that Sesame's workers call from; see parseSourceIps(). Only of the document for the role. */
  sourceIps?: readonly string[] | undefined;
}

/**
 * Least privilege of one purpose (aws.md C.3; actions from the IAM authorisation reference of SES, SNS, SQS and EventBridge). The kit
 * asks the customer for this, and every session is narrowed to it (session-policies.ts).
 */
export function statementsFor(
  purpose: Purpose,
  scope: PolicyScope,
  { from, feedback = 'set_up' }: PolicyOptions = {},
): PolicyStatement[] {
  switch (purpose) {
    case 'send':
      return [sending(scope, from), allow('ReadAccount', ['ses:GetAccount'], '*')];
    case 'events':
      return [
        ...reading(scope),
        ...(feedback === 'kit' ? [] : settingUp(scope)),
        ...(feedback === 'eventbridge' ? settingUpRules(scope) : []),
      ];
    case 'analytics':
      return [allow('ReadMetrics', analyticsActions, '*')];
    case 'configure':
      return configure(scope);
  }
}

/** The document to attach to the role. Statements of several purposes never share a Sid. */
export function permissionsPolicy(
  purpose: KitPurpose,
  scope: PolicyScope,
  options: PolicyOptions = {},
): PolicyDocument {
  const wanted = purpose === 'all' ? purposes : [purpose];
  const statements = wanted.flatMap((each) => statementsFor(each, scope, options));
  return { Version: '2012-10-17', Statement: boundTo(options.sourceIps, statements) };
}

function allow(Sid: string, actions: readonly string[], resource: string | string[]): PolicyStatement {
  return { Sid, Effect: 'Allow', Action: [...actions], Resource: resource };
}

function sending(scope: PolicyScope, from: string | undefined): PolicyStatement {
  // The configuration set is authorised too, even an identity's default one that the caller never named.
  const resources = [sesArn(scope, 'identity/*'), sesArn(scope, 'configuration-set/*')];
  const statement = allow('Send', ['ses:SendEmail', 'ses:SendRawEmail'], resources);
  if (from === undefined) return statement;
  return { ...statement, Condition: { StringLike: { 'ses:FromAddress': [from, probeAddress] } } };
}

/** What it takes to receive events, whoever made the way. */
function reading(scope: PolicyScope): PolicyStatement[] {
  return [
    allow(
      'ReadQueues',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
      arnOf(scope, 'sqs', 'sesame-*'),
    ),
    allow('ConfirmSubscription', ['sns:ConfirmSubscription'], arnOf(scope, 'sns', 'sesame-*')),
  ];
}

/** Topics and queues that Sesame makes carry its name, so that it needs no right on any other. */
function settingUp(scope: PolicyScope): PolicyStatement[] {
  const topics = arnOf(scope, 'sns', 'sesame-*');
  return [
    allow('Topics', ['sns:CreateTopic', 'sns:SetTopicAttributes', 'sns:DeleteTopic'], topics),
    {
      ...allow('Subscribe', ['sns:Subscribe'], topics),
      // Nobody's phone or mailbox. `http` is for a developer's machine: AWS does not reach it, and in production the public URL is https.
      Condition: { StringEquals: { 'sns:Protocol': ['sqs', 'https', 'http'] } },
    },
    allow(
      'Queues',
      ['sqs:CreateQueue', 'sqs:SetQueueAttributes', 'sqs:DeleteQueue'],
      arnOf(scope, 'sqs', 'sesame-*'),
    ),
  ];
}

/** EventBridge keeps the login of a connection in a secret of the customer's, and makes it with the caller's rights. */
function settingUpRules(scope: PolicyScope): PolicyStatement[] {
  return [
    allow(
      'Rules',
      [
        ...['PutRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'],
        ...['CreateConnection', 'UpdateConnection', 'DeleteConnection'],
        ...['CreateApiDestination', 'UpdateApiDestination', 'DeleteApiDestination'],
      ].map((action) => `events:${action}`),
      arnOf(scope, 'events', '*/sesame-*'),
    ),
    allow(
      'ConnectionSecret',
      ['CreateSecret', 'DescribeSecret', 'PutSecretValue', 'UpdateSecret', 'DeleteSecret'].map(
        (action) => `secretsmanager:${action}`,
      ),
      arnOf(scope, 'secretsmanager', 'secret:events!connection/sesame-*'),
    ),
    {
      ...allow('PassTargetRole', ['iam:PassRole'], iamArn(scope, 'role/sesame-*')),
      Condition: { StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' } },
    },
    allow(
      'ServiceRole',
      ['iam:CreateServiceLinkedRole'],
      iamArn(scope, 'role/aws-service-role/apidestinations.events.amazonaws.com/*'),
    ),
  ];
}

const analyticsActions = [
  'ses:GetAccount',
  'ses:BatchGetMetricData',
  'ses:GetMessageInsights',
  'ses:ListRecommendations',
  'ses:ListSuppressedDestinations',
  'ses:GetSuppressedDestination',
  'cloudwatch:GetMetricData',
  'cloudwatch:ListMetrics',
];

/** Leaves out what changes the account itself, and identity policies, which would let third parties in. */
function configure(scope: PolicyScope): PolicyStatement[] {
  return [
    allow(
      'Identities',
      [
        'ses:CreateEmailIdentity',
        'ses:GetEmailIdentity',
        'ses:PutEmailIdentity*',
        'ses:DeleteEmailIdentity',
        'ses:TagResource',
      ],
      sesArn(scope, 'identity/*'),
    ),
    allow(
      'ConfigurationSets',
      ['Create', 'Get', 'Put', 'Update', 'Delete']
        .map((verb) => `ses:${verb}ConfigurationSet*`)
        .concat('ses:TagResource'),
      sesArn(scope, 'configuration-set/*'),
    ),
    allow(
      'Templates',
      ['Create', 'Get', 'Update', 'Delete', 'TestRender'].map((verb) => `ses:${verb}EmailTemplate`),
      sesArn(scope, 'template/*'),
    ),
    allow('ListsAndSuppression', listAndSuppressionActions, '*'),
  ];
}

const listAndSuppressionActions = [
  'ses:ListEmailIdentities',
  'ses:ListConfigurationSets',
  'ses:ListEmailTemplates',
  'ses:ListSuppressedDestinations',
  'ses:GetSuppressedDestination',
  'ses:PutSuppressedDestination',
  'ses:DeleteSuppressedDestination',
];
