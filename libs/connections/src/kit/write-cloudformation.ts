import { wayResources } from './feedback/write-way-cloudformation.js';
import type { KitFacts } from './kit-facts.js';
import type { PolicyDocument } from './policy-document.js';
import { toYaml } from './to-yaml.js';

/** Parameters of the template; a quick-create link fills the same names. */
export function cloudFormationParameters(
  facts: KitFacts,
): Record<'RoleName' | 'ExternalId' | 'MaxSessionDuration', string> {
  return {
    RoleName: facts.roleName,
    ExternalId: facts.externalIds.join(','),
    MaxSessionDuration: String(facts.maxSessionSeconds),
  };
}

/** The role as a CloudFormation template (YAML). The stack needs CAPABILITY_NAMED_IAM. */
export function writeCloudFormation(facts: KitFacts): string {
  const defaults = cloudFormationParameters(facts);
  return toYaml({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `IAM role that lets Sesame use Amazon SES in ${facts.region}`,
    Parameters: {
      RoleName: { Type: 'String', Default: defaults.RoleName, AllowedPattern: '[A-Za-z0-9_+=,.@-]{1,64}' },
      ExternalId: {
        // A list, because during a rotation the role accepts the old one and the new one.
        Type: 'CommaDelimitedList',
        Default: defaults.ExternalId,
        Description: 'Made by Sesame for this connection. Do not change it.',
      },
      MaxSessionDuration: {
        Type: 'Number',
        Default: facts.maxSessionSeconds,
        MinValue: 3600,
        MaxValue: 43200,
      },
    },
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: { Ref: 'RoleName' },
          ...(facts.rolePath !== '/' && { Path: facts.rolePath }),
          MaxSessionDuration: { Ref: 'MaxSessionDuration' },
          AssumeRolePolicyDocument: withExternalIdParameter(facts.trustPolicy),
          Policies: [{ PolicyName: facts.policyName, PolicyDocument: plain(facts.permissionsPolicy) }],
        },
      },
      ...(facts.way !== undefined && wayResources(facts.scope, facts.way)),
    },
    Outputs: {
      RoleArn: { Description: 'Paste this into Sesame', Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
  });
}

type YamlValue = Parameters<typeof toYaml>[0];

function plain(policy: PolicyDocument): YamlValue {
  return JSON.parse(JSON.stringify(policy)) as YamlValue;
}

function withExternalIdParameter(policy: PolicyDocument): YamlValue {
  return JSON.parse(JSON.stringify(policy), (key, value: unknown) =>
    key === 'sts:ExternalId' ? { Ref: 'ExternalId' } : value,
  ) as YamlValue;
}
