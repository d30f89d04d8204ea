import { shellWord } from './commands.js';
import { wayCli } from './feedback/write-way-cli.js';
import type { KitFacts } from './kit-facts.js';

/** A script for the AWS CLI that makes the role, or brings an existing one to this state. Safe to run twice. */
export function writeCli(facts: KitFacts): string {
  return `#!/usr/bin/env bash
# Makes the IAM role that lets Sesame use Amazon SES in ${facts.region}. Run it with credentials of the AWS account that
# shall send. Safe to run again: it brings the role to this state.
set -euo pipefail

ROLE_NAME="\${ROLE_NAME:-${facts.roleName}}"
POLICY_NAME=${shellWord(facts.policyName)}
MAX_SESSION_SECONDS=${facts.maxSessionSeconds}
TRUST_POLICY=${shellWord(JSON.stringify(facts.trustPolicy, null, 2))}
PERMISSIONS_POLICY=${shellWord(JSON.stringify(facts.permissionsPolicy, null, 2))}

if aws iam get-role --role-name "$ROLE_NAME" > /dev/null 2>&1; then
  aws iam update-assume-role-policy --role-name "$ROLE_NAME" --policy-document "$TRUST_POLICY"
  aws iam update-role --role-name "$ROLE_NAME" --max-session-duration "$MAX_SESSION_SECONDS"
else
  aws iam create-role --role-name "$ROLE_NAME"${facts.rolePath === '/' ? '' : ` --path ${shellWord(facts.rolePath)}`} --assume-role-policy-document "$TRUST_POLICY" \\
    --max-session-duration "$MAX_SESSION_SECONDS" > /dev/null
fi
aws iam put-role-policy --role-name "$ROLE_NAME" --policy-name "$POLICY_NAME" --policy-document "$PERMISSIONS_POLICY"
${facts.way === undefined ? '' : wayCli(facts.scope, facts.way)}
echo "Paste this ARN into Sesame:"
aws iam get-role --role-name "$ROLE_NAME" --query Role.Arn --output text
`;
}
