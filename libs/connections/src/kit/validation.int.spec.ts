import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { describePrincipal } from '../platform-principal.js';
import { buildKit, type KitFormat, type KitOptions } from './build-kit.js';
import { feedbackModes } from './feedback/feedback-names.js';
import { feedbackGrants, kitPurposes } from './permissions.js';

/** What the kit writes, given to the tools that read it. */

const principal = describePrincipal(
  'arn:aws:sts::111122223333:assumed-role/ses-connector-broker/i-0abc',
  '111122223333',
);
const fresh = {
  id: '019a5b1e-0000-7000-8000-0000deadbeef',
  region: 'eu-west-1',
  roleArn: null,
  awsAccountId: null,
  externalId: 'sesame-11111111111111111111111111111111',
  pendingExternalId: null,
  requestedSessionSeconds: 7200,
};
const rotating = {
  ...fresh,
  roleArn: 'arn:aws:iam::444455556666:role/vendors/mail/Sender',
  awsAccountId: '444455556666',
  pendingExternalId: 'sesame-22222222222222222222222222222222',
};
const bound = { from: '*@example.com', sourceIps: ['203.0.113.7', '2001:db8::/32'] };

type Case = { name: string; on: typeof rotating | typeof fresh; options: Omit<KitOptions, 'format'> };
const cases: Case[] = [
  ...kitPurposes.flatMap((purpose): Case[] => [
    { name: purpose, on: fresh, options: { purpose } },
    { name: `${purpose}-bound`, on: rotating, options: { purpose, ...bound } },
  ]),
  ...feedbackGrants.map((feedback): Case => ({
    name: `events-${feedback}`,
    on: rotating,
    options: { purpose: 'events', feedback, ...bound },
  })),
  ...feedbackModes.map((mode): Case => {
    const endpointUrl = mode === 'pull' ? null : 'https://sesame.example.com/feedback/x';
    const secret = mode === 'eventbridge' ? 'not-a-real-secret' : null;
    return {
      name: `by-${mode}`,
      on: rotating,
      options: { purpose: 'all', way: { mode, endpointUrl, secret } },
    };
  }),
];
const write = ({ on, options }: Case, format: KitFormat) => buildKit(on, principal, { ...options, format });

const folder = mkdtempSync(join(tmpdir(), 'kit-'));
afterAll(() => rmSync(folder, { recursive: true }));

function isInstalled(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`NOT CHECKED: what only ${command} can tell, because it is not there.\n`);
    return false;
  }
}

// js-yaml brings no types.
const { load } = createRequire(import.meta.url)('js-yaml') as { load: (text: string) => unknown };

const hasLinter = isInstalled('cfn-lint', '--version');
const hasTerraform = isInstalled('terraform', 'version');

(hasLinter ? test : test.skip)(
  'cfn-lint finds nothing in the CloudFormation templates',
  () => {
    const files = cases.map((one) => {
      const file = join(folder, `${one.name}.yaml`);
      writeFileSync(file, write(one, 'cloudformation').script ?? '');
      return file;
    });
    // E3502 takes a dead-letter queue that is named by its ARN for one of the other kind.
    const options = ['--regions', 'eu-west-1', '--ignore-checks', 'E3502', '--format', 'parseable'];
    // What it finds, it prints; its exit code says the same once more.
    const found = spawnSync('cfn-lint', [...options, '--', ...files], { encoding: 'utf8' });
    expect(found).toMatchObject({ stdout: '', stderr: '', status: 0 });
  },
  120_000,
);

/** CloudFormation's resource specification, as far as the kit uses it: without the linter it is what there is. */
const propertiesOf: Record<string, readonly string[]> = {
  'AWS::IAM::Role': [
    ...['RoleName', 'Path', 'Description', 'MaxSessionDuration'],
    ...['AssumeRolePolicyDocument', 'Policies', 'Tags'],
  ],
  'AWS::SNS::Topic': ['TopicName', 'SignatureVersion', 'DisplayName', 'Tags'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument', 'Topics'],
  'AWS::SNS::Subscription': [
    ...['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery', 'DeliveryPolicy', 'RedrivePolicy'],
  ],
  'AWS::SQS::Queue': ['QueueName', 'MessageRetentionPeriod', 'VisibilityTimeout', 'RedrivePolicy', 'Tags'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument', 'Queues'],
  'AWS::SES::ConfigurationSet': ['Name', 'TrackingOptions', 'SuppressionOptions', 'SendingOptions'],
  'AWS::SES::ConfigurationSetEventDestination': ['ConfigurationSetName', 'EventDestination'],
  'AWS::Events::Rule': ['Name', 'Description', 'EventPattern', 'State', 'Targets'],
  'AWS::Events::Connection': ['Name', 'AuthorizationType', 'AuthParameters', 'Description'],
  'AWS::Events::ApiDestination': [
    ...['Name', 'ConnectionArn', 'HttpMethod', 'InvocationEndpoint', 'InvocationRateLimitPerSecond'],
  ],
};

interface Template {
  Parameters: Record<string, unknown>;
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

describe.each(cases)('$name', (one) => {
  test('the CloudFormation template names known properties, and refers to what is there', () => {
    const template = load(write(one, 'cloudformation').script ?? '') as Template;
    const known = [...Object.keys(template.Parameters), ...Object.keys(template.Resources), 'AWS::AccountId'];
    for (const { Type, Properties } of Object.values(template.Resources))
      expect({
        Type,
        extra: Object.keys(Properties).filter((name) => !propertiesOf[Type]?.includes(name)),
      }).toEqual({
        Type,
        extra: [],
      });
    for (const name of referencesIn(template)) expect(known).toContain(name);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, without white space.
    const role = template.Resources['Role']?.Properties ?? {};
    expect(JSON.stringify(role['Policies']).length).toBeLessThan(10_240);
    expect(JSON.stringify(role['AssumeRolePolicyDocument']).length).toBeLessThan(2048);
  });

  test('CLI and Terraform keep the path of a role', () => {
    const path = one.on.roleArn === null ? undefined : '/vendors/mail/';
    for (const [format, text] of [
      ['cli', `--path '${path}'`],
      ['terraform', `path                 = "${path}"`],
      ['cloudformation', `Path: "${path}"`],
    ] as const) {
      const { script } = write(one, format);
      if (path === undefined) expect(script).not.toMatch(/\bpath\b/i);
      else expect(script).toContain(text);
    }
  });

  // `terraform validate` needs the provider, which it downloads. Expressions are read without it.
  (hasTerraform ? test : test.skip)('Terraform reads the same policies out of it', () => {
    const { script, trust_policy, permissions_policy } = write(one, 'terraform');
    const policies = [...(script ?? '').matchAll(/ = jsonencode\((\{\n[\s\S]*?\n {2}\})\)\n/g)];
    // The role's; what else there is refers to resources, which only the provider knows.
    const read = policies.slice(0, 2).map(([, expression = '']) => evaluate(expression));
    expect(read).toEqual([trust_policy, permissions_policy]);
    expect(formatted(script ?? '')).toBe(script);
  });
});

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: string[] };
  return [
    ...(Ref === undefined ? [] : [Ref]),
    ...(attribute?.[0] === undefined ? [] : [attribute[0]]),
    ...Object.values(value).flatMap(referencesIn),
  ];
}

/** The value of an HCL expression, as terraform sees it. */
function evaluate(expression: string): unknown {
  const empty = mkdtempSync(join(folder, 'tf-'));
  writeFileSync(join(empty, 'main.tf'), `locals {\n  policy = ${expression}\n}\n`);
  const printed = execFileSync('terraform', ['console'], {
    cwd: empty,
    input: 'jsonencode(local.policy)\n',
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // A quoted string whose content is JSON.
  return JSON.parse(JSON.parse(printed) as string);
}

function formatted(text: string): string {
  return execFileSync('terraform', ['fmt', '-'], {
    input: text,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}
