import { shellWord } from '../commands.js';
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
import { endpointProtocol, wayEventTypes, type FeedbackWayFacts } from './feedback-way.js';

const json = (value: object): string => shellWord(JSON.stringify(value));

/** SES has EventBridge as a destination since 2024, and distributions have older versions of the AWS CLI. Said before anything is made. */
const isNewEnough =
  'aws sesv2 create-configuration-set-event-destination --generate-cli-skeleton | grep EventBridgeDestination > /dev/null || { ' +
  "echo 'This version of the AWS CLI does not know EventBridge as a destination of Amazon SES: use a current one, or AWS CloudShell.' >&2; exit 1; }";

/** What brings SES's events to us, as commands of the AWS CLI that may be run again. */
export function wayCli(scope: PolicyScope, way: FeedbackWayFacts): string {
  const region = `--region ${scope.region}`;
  const { names, arns } = way;
  const destination = {
    Enabled: true,
    MatchingEventTypes: wayEventTypes,
    ...(way.mode === 'eventbridge'
      ? { EventBridgeDestination: { EventBusArn: arns.eventBus } }
      : { SnsDestination: { TopicArn: arns.topic } }),
  };
  const arguments_ = `${region} --configuration-set-name ${names.base} --event-destination-name ${names.destination} --event-destination ${json(destination)}`;
  const lines = [
    '',
    '# What brings the events of Amazon SES to Sesame',
    ...(way.mode === 'eventbridge' ? [isNewEnough] : []),
    `aws sesv2 get-configuration-set ${region} --configuration-set-name ${names.base} > /dev/null 2>&1 || aws sesv2 create-configuration-set ${region} --configuration-set-name ${names.base}`,
    ...(way.mode === 'eventbridge' ? rule(region, way) : topic(scope, region, way)),
    `aws sesv2 create-configuration-set-event-destination ${arguments_} 2> /dev/null || aws sesv2 update-configuration-set-event-destination ${arguments_}`,
  ];
  return `${lines.join('\n')}\n`;
}

function topic(scope: PolicyScope, region: string, way: FeedbackWayFacts): string[] {
  const { names, arns } = way;
  const isPull = way.mode === 'pull';
  const queue = (name: string, attributes: Record<string, string>): string =>
    `aws sqs set-queue-attributes ${region} --queue-url "$(aws sqs create-queue ${region} --queue-name ${name} --query QueueUrl --output text)" --attributes ${json(attributes)}`;
  const set = (name: string, value: string): string =>
    `aws sns set-topic-attributes ${region} --topic-arn ${arns.topic} --attribute-name ${name} --attribute-value ${shellWord(value)}`;
  const dead = isPull
    ? deadLetterAttributes
    : { ...deadLetterAttributes, Policy: JSON.stringify(queuePolicy(arns.deadLetter, arns)) };
  return [
    `aws sns create-topic ${region} --name ${names.base} > /dev/null`,
    set('Policy', JSON.stringify(topicPolicy(scope, arns))),
    set('SignatureVersion', '2'),
    queue(names.deadLetter, dead),
    ...(isPull ? [queue(names.base, queueAttributes(arns))] : []),
    isPull
      ? `aws sns subscribe ${region} --topic-arn ${arns.topic} --protocol sqs --notification-endpoint ${arns.queue} > /dev/null`
      : `aws sns subscribe ${region} --topic-arn ${arns.topic} --protocol ${endpointProtocol(way.endpointUrl ?? '')} --notification-endpoint ${shellWord(way.endpointUrl ?? '')} --attributes ${json(endpointAttributes(arns))} > /dev/null`,
  ];
}

function rule(region: string, { names, arns, endpointUrl, secret }: FeedbackWayFacts): string[] {
  const login = { ApiKeyAuthParameters: { ApiKeyName: feedbackSecretHeader, ApiKeyValue: secret ?? '' } };
  const connection = `${region} --name ${names.base} --authorization-type API_KEY --auth-parameters ${json(login)} --query ConnectionArn --output text`;
  // As JSON: version 1 of the AWS CLI takes a URL that stands alone for a file to fetch.
  const destination = `${region} --name ${names.base} --connection-arn "$CONNECTION_ARN" --http-method POST --cli-input-json ${json({ InvocationEndpoint: endpointUrl ?? '' })} --query ApiDestinationArn --output text`;
  return [
    `CONNECTION_ARN="$(aws events create-connection ${connection} 2> /dev/null || aws events update-connection ${connection})"`,
    `DESTINATION_ARN="$(aws events create-api-destination ${destination} 2> /dev/null || aws events update-api-destination ${destination})"`,
    `aws iam get-role --role-name ${names.targetRole} > /dev/null 2>&1 || aws iam create-role --role-name ${names.targetRole} --assume-role-policy-document ${json(targetRoleTrust())} > /dev/null`,
    `aws iam put-role-policy --role-name ${names.targetRole} --policy-name call-sesame --policy-document ${json(targetRolePolicy(arns))}`,
    `aws events put-rule ${region} --name ${names.base} --event-pattern ${json(rulePattern(names))} > /dev/null`,
    // EventBridge does not know a role yet that was made a moment ago. A target that it refuses is no error of the call.
    'TRIES=0',
    `until [ "$(aws events put-targets ${region} --rule ${names.base} --targets "Id=${names.destination},Arn=$DESTINATION_ARN,RoleArn=${arns.targetRole}" --query FailedEntryCount --output text)" = 0 ]; do`,
    '  TRIES=$((TRIES + 1)); [ "$TRIES" -lt 12 ] || exit 1; sleep 5',
    'done',
  ];
}
