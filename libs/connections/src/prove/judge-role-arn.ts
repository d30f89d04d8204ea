import { AppError } from '#libs/errors';
import type { RoleConnection } from '../connection.js';
import { parseRoleArn } from '../parse-role-arn.js';
import { failed, passed, type Finding } from './finding.js';

const name = 'role_arn';

/**
 * Check 2: the ARN is one role of somebody else's account. It was checked when it was entered; the platform's account
 * may not have been known then, or have changed since.
 */
export function judgeRoleArn(connection: RoleConnection, platformAccountId: string): Finding {
  try {
    const role = parseRoleArn(connection.roleArn, { region: connection.region, platformAccountId });
    return passed(name, `Role ${role.roleName} in account ${role.accountId}, partition ${role.partition}.`, {
      account_id: role.accountId,
      partition: role.partition,
      path: role.path,
      role_name: role.roleName,
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failed(
      name,
      'unsafe',
      'customer',
      error.message,
      { code: error.code },
      { text: error.remedy ?? 'Enter another role ARN.' },
    );
  }
}
