import type { PolicyScope } from '../scope.js';
import { alignAssignments, hclString, toHcl } from '../to-hcl.js';
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
import { endpointProtocol, wayEventTypes, type FeedbackWayFacts } from './feedback-way.js';

type Entries = [string, string][];

/** What brings SES's events to us, as Terraform. */
export function wayTerraform(scope: PolicyScope, way: FeedbackWayFacts): string[] {
  const target =
    way.mode === 'eventbridge'
      ? inner('event_bridge_destination', [['event_bus_arn', hclString(way.arns.eventBus)]])
      : inner('sns_destination', [['topic_arn', 'aws_sns_topic.sesame.arn']]);
  return [
    resource('aws_sesv2_configuration_set', 'sesame', [
      ['configuration_set_name', hclString(way.names.base)],
    ]),
    ...(way.mode === 'eventbridge' ? rule(way) : topic(scope, way)),
    `resource "aws_sesv2_configuration_set_event_destination" "sesame" {
  configuration_set_name = aws_sesv2_configuration_set.sesame.configuration_set_name
  event_destination_name = ${hclString(way.names.destination)}
  depends_on             = [${way.mode === 'eventbridge' ? 'aws_cloudwatch_event_target.sesame' : 'aws_sns_topic_policy.sesame'}]

  event_destination {
    enabled              = true
    matching_event_types = [${wayEventTypes.map((type) => hclString(type)).join(', ')}]

${target}  }
}
`,
  ];
}

function topic(scope: PolicyScope, way: FeedbackWayFacts): string[] {
  const { names, arns } = way;
  const isPull = way.mode === 'pull';
  const { VisibilityTimeout = '', MessageRetentionPeriod = '', RedrivePolicy } = queueAttributes(arns);
  const endpoint = endpointAttributes(arns);
  const keptBy = isPull ? 'aws_sqs_queue.sesame' : 'aws_sqs_queue.sesame_dead';
  return [
    resource('aws_sns_topic', 'sesame', [
      ['name', hclString(names.base)],
      ['signature_version', '2'],
    ]),
    resource('aws_sns_topic_policy', 'sesame', [
      ['arn', 'aws_sns_topic.sesame.arn'],
      ['policy', encoded(topicPolicy(scope, arns))],
    ]),
    resource('aws_sqs_queue', 'sesame_dead', [
      ['name', hclString(names.deadLetter)],
      ['message_retention_seconds', deadLetterAttributes.MessageRetentionPeriod],
    ]),
    ...(isPull
      ? [
          resource('aws_sqs_queue', 'sesame', [
            ['name', hclString(names.base)],
            ['message_retention_seconds', MessageRetentionPeriod],
            ['visibility_timeout_seconds', VisibilityTimeout],
            ['redrive_policy', encoded(JSON.parse(RedrivePolicy ?? '{}') as object)],
            ['depends_on', '[aws_sqs_queue.sesame_dead]'],
          ]),
        ]
      : []),
    resource('aws_sqs_queue_policy', 'sesame', [
      ['queue_url', `${keptBy}.id`],
      ['policy', encoded(queuePolicy(isPull ? arns.queue : arns.deadLetter, arns))],
    ]),
    resource(
      'aws_sns_topic_subscription',
      'sesame',
      isPull
        ? [
            ['topic_arn', 'aws_sns_topic.sesame.arn'],
            ['protocol', '"sqs"'],
            ['endpoint', 'aws_sqs_queue.sesame.arn'],
          ]
        : [
            ['topic_arn', 'aws_sns_topic.sesame.arn'],
            ['protocol', hclString(endpointProtocol(way.endpointUrl ?? ''))],
            ['endpoint', hclString(way.endpointUrl ?? '')],
            ['endpoint_auto_confirms', 'true'],
            ['delivery_policy', encoded(JSON.parse(endpoint['DeliveryPolicy'] ?? '{}') as object)],
            ['redrive_policy', encoded(JSON.parse(endpoint['RedrivePolicy'] ?? '{}') as object)],
            ['depends_on', '[aws_sqs_queue_policy.sesame]'],
          ],
    ),
  ];
}

function rule({ names, arns, endpointUrl, secret }: FeedbackWayFacts): string[] {
  return [
    `resource "aws_cloudwatch_event_connection" "sesame" {
  name               = ${hclString(names.base)}
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = ${hclString(feedbackSecretHeader)}
      value = ${hclString(secret ?? '')}
    }
  }
}
`,
    resource('aws_cloudwatch_event_api_destination', 'sesame', [
      ['name', hclString(names.base)],
      ['connection_arn', 'aws_cloudwatch_event_connection.sesame.arn'],
      ['invocation_endpoint', hclString(endpointUrl ?? '')],
      ['http_method', '"POST"'],
    ]),
    resource('aws_iam_role', 'sesame_events', [
      ['name', hclString(names.targetRole)],
      ['assume_role_policy', encoded(targetRoleTrust())],
    ]),
    resource('aws_iam_role_policy', 'sesame_events', [
      ['name', '"call-sesame"'],
      ['role', 'aws_iam_role.sesame_events.name'],
      ['policy', encoded(targetRolePolicy(arns))],
    ]),
    resource('aws_cloudwatch_event_rule', 'sesame', [
      ['name', hclString(names.base)],
      ['event_pattern', encoded(rulePattern(names))],
    ]),
    resource('aws_cloudwatch_event_target', 'sesame', [
      ['rule', 'aws_cloudwatch_event_rule.sesame.name'],
      ['target_id', hclString(names.destination)],
      ['arn', 'aws_cloudwatch_event_api_destination.sesame.arn'],
      ['role_arn', 'aws_iam_role.sesame_events.arn'],
    ]),
  ];
}

function resource(type: string, name: string, entries: Entries): string {
  return `resource "${type}" "${name}" {\n${alignAssignments(entries, '  ')}}\n`;
}

function inner(name: string, entries: Entries): string {
  return `    ${name} {\n${alignAssignments(entries, '      ')}    }\n`;
}

function encoded(value: object): string {
  return `jsonencode(${toHcl(JSON.parse(JSON.stringify(value)) as Parameters<typeof toHcl>[0], 2)})`;
}
