import type { RoleConnection } from '../connection.js';
import { externalIdsOf, kitFacts, roleNameFor } from '../kit/build-kit.js';
import { awsCli } from '../kit/commands.js';
import type { PolicyOptions, Purpose } from '../kit/permissions.js';
import { terraformPermissions, terraformTrust, writeTerraform } from '../kit/write-terraform.js';
import { writeCli } from '../kit/write-cli.js';
import { trustPolicy } from '../kit/trust-policy.js';
import type { PlatformPrincipal } from '../platform-principal.js';
import type { Remedy } from './finding.js';

/** The trust policy to paste, as text and as data. @param externalIds what the policy shall list */
export function trustRemedy(
  instruction: string,
  connection: RoleConnection,
  principal: PlatformPrincipal,
  externalIds: readonly string[],
): Remedy {
  const policy = trustPolicy(principal, externalIds);
  const cli = awsCli.updateTrust(roleNameFor(connection), policy);
  return {
    text: `${instruction}\n\n${JSON.stringify(policy, null, 2)}\n\nWith the AWS CLI, in account ${connection.awsAccountId}:\n\n${cli}`,
    paste: { trust_policy: policy, cli, terraform: terraformTrust(policy) },
  };
}

/** For a role that does not open: whether it exists, whom it trusts, which external ID it wants. AWS never says which. */
export function roleRemedy(connection: RoleConnection, principal: PlatformPrincipal): Remedy {
  const name = roleNameFor(connection);
  const externalIds = externalIdsOf(connection);
  const instruction =
    `Check three things in account ${connection.awsAccountId}: (1) the role exists and has exactly this ARN: ${awsCli.showRole(name)}; ` +
    `(2) it trusts ${principal.trustedArn}; (3) it requires external ID ${externalIds.join(' or ')}. ` +
    'Also see whether a service control policy of your organization denies sts:AssumeRole. The trust policy of the role has to be:';
  const policy = trustPolicy(principal, externalIds);
  const facts = kitFacts(connection, principal, 'send');
  // The role may be gone, and then there is no trust policy to replace. In a shell of its own, because the script ends at the first failure.
  const cli = `bash <<'SESAME'\n${writeCli(facts)}SESAME`;
  return {
    text: `${instruction}\n\n${JSON.stringify(policy, null, 2)}\n\nWith the AWS CLI, in account ${connection.awsAccountId}; it makes the role if it is gone:\n\n${cli}`,
    paste: {
      trust_policy: policy,
      permissions_policy: facts.permissionsPolicy,
      cli,
      terraform: writeTerraform(facts),
    },
  };
}

/** The permissions policy of a purpose, as text and as data. */
export function permissionsRemedy(
  instruction: string,
  connection: RoleConnection,
  principal: PlatformPrincipal,
  purpose: Purpose = 'send',
  options: PolicyOptions = {},
): Remedy {
  const { permissionsPolicy, policyName } = kitFacts(connection, principal, purpose, options);
  const name = roleNameFor(connection);
  const cli = awsCli.putPermissions(name, policyName, permissionsPolicy);
  return {
    text: `${instruction}\n\n${JSON.stringify(permissionsPolicy, null, 2)}\n\nWith the AWS CLI, in account ${connection.awsAccountId}:\n\n${cli}`,
    paste: {
      permissions_policy: permissionsPolicy,
      cli,
      terraform: terraformPermissions(JSON.stringify(name), policyName, permissionsPolicy),
    },
  };
}

export function maxSessionRemedy(connection: RoleConnection): Remedy {
  const seconds = connection.requestedSessionSeconds;
  const cli = awsCli.setMaxSession(roleNameFor(connection), seconds);
  const terraform = `max_session_duration = ${seconds}\n`;
  return {
    text: `Raise the maximum session duration of the role to ${seconds} seconds, or lower session_duration_seconds to 3600. With the AWS CLI:\n\n${cli}\n\nIn Terraform, on the aws_iam_role:\n\n${terraform}`,
    paste: { cli, terraform },
  };
}
