import { purposes } from '#libs/queue';
import type { PolicyDocument, PolicyStatement } from './policy-document.js';
import { sesArn, topicArn, type PolicyScope } from './scope.js';

export type Purpose = (typeof purposes)[number];
export const kitPurposes = [...purposes, 'all'] as const;
export type KitPurpose = (typeof kitPurposes)[number];

/**
 * From address of the permission probe while no mail of the project shows a better one. Nobody can verify
 * example.com (RFC 2606), so a policy that allows it allows nothing.
 */
export const probeAddress = 'sesame-probe@example.com';

/**
 * Least privilege of one purpose (aws.md C.3; actions from the IAM authorisation reference of SES and SNS). The kit
 * asks the customer for this, and every session is narrowed to it (session-policies.ts).
 *
 * @param from value of the condition on `ses:FromAddress`; only `send` knows it. SendBulkEmail is not granted at all,
 *   because that condition does not hold for it.
 */
export function statementsFor(purpose: Purpose, scope: PolicyScope, from?: string): PolicyStatement[] {
  switch (purpose) {
    case 'send':
      return [sending(scope, from), allow('ReadAccount', ['ses:GetAccount'], '*')];
    case 'events':
      return events(scope);
    case 'analytics':
      return [allow('ReadMetrics', analyticsActions, '*')];
    case 'configure':
      return configure(scope);
  }
}

/** The document to attach to the role. Statements of several purposes never share a Sid. */
export function permissionsPolicy(purpose: KitPurpose, scope: PolicyScope, from?: string): PolicyDocument {
  const wanted = purpose === 'all' ? purposes : [purpose];
  return { Version: '2012-10-17', Statement: wanted.flatMap((each) => statementsFor(each, scope, from)) };
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

function events(scope: PolicyScope): PolicyStatement[] {
  return [
    allow('Topics', topicActions, topicArn(scope)),
    {
      ...allow('Subscribe', ['sns:Subscribe'], topicArn(scope)),
      Condition: { StringEquals: { 'sns:Protocol': 'https' } },
    },
    allow(
      'EventDestinations',
      ['ses:CreateConfigurationSet', 'ses:GetConfigurationSet', 'ses:*ConfigurationSetEventDestination*'],
      sesArn(scope, 'configuration-set/sesame-*'),
    ),
  ];
}

const topicActions = [
  'sns:CreateTopic',
  'sns:GetTopicAttributes',
  'sns:SetTopicAttributes',
  'sns:ListSubscriptionsByTopic',
  'sns:ConfirmSubscription',
  'sns:GetSubscriptionAttributes',
  'sns:SetSubscriptionAttributes',
  'sns:Unsubscribe',
];

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
  'ses:PutAccountSuppressionAttributes',
];
