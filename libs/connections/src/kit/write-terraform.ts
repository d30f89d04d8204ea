import { wayTerraform } from './feedback/write-way-terraform.js';
import type { KitFacts } from './kit-facts.js';
import type { PolicyDocument } from './policy-document.js';
import { alignAssignments, hclString, toHcl } from './to-hcl.js';

/** The role as Terraform, formatted as `terraform fmt` would. */
export function writeTerraform(facts: KitFacts): string {
  return [
    `# Lets Sesame use Amazon SES in ${facts.region}. Put the output role_arn into Sesame.\n`,
    block('resource "aws_iam_role" "sesame"', [
      ['name', hclString(facts.roleName)],
      ...(facts.rolePath === '/' ? [] : ([['path', hclString(facts.rolePath)]] satisfies [string, string][])),
      ['max_session_duration', String(facts.maxSessionSeconds)],
      ['assume_role_policy', jsonencode(facts.trustPolicy)],
    ]),
    terraformPermissions('aws_iam_role.sesame.name', facts.policyName, facts.permissionsPolicy),
    ...(facts.way === undefined ? [] : wayTerraform(facts.scope, facts.way)),
    block('output "role_arn"', [['value', 'aws_iam_role.sesame.arn']]),
  ].join('\n');
}

/** @param role an HCL expression */
export function terraformPermissions(role: string, policyName: string, policy: PolicyDocument): string {
  return block('resource "aws_iam_role_policy" "sesame"', [
    ['name', hclString(policyName)],
    ['role', role],
    ['policy', jsonencode(policy)],
  ]);
}

/** The one argument of aws_iam_role that holds the trust policy. */
export function terraformTrust(policy: PolicyDocument): string {
  return `assume_role_policy = ${toHclCall(policy, 0)}\n`;
}

function jsonencode(policy: PolicyDocument): string {
  return toHclCall(policy, 2);
}

function toHclCall(policy: PolicyDocument, indent: number): string {
  // Through JSON, which drops the optional parts that are absent.
  return `jsonencode(${toHcl(JSON.parse(JSON.stringify(policy)) as Parameters<typeof toHcl>[0], indent)})`;
}

function block(header: string, entries: [string, string][]): string {
  return `${header} {\n${alignAssignments(entries, '  ')}}\n`;
}
