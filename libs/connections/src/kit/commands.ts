import type { PolicyDocument } from './policy-document.js';

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Single commands of the AWS CLI, for remedies. */
export const awsCli = {
  updateTrust: (roleName: string, policy: PolicyDocument): string =>
    `aws iam update-assume-role-policy --role-name ${roleName} --policy-document ${shellWord(JSON.stringify(policy))}`,

  putPermissions: (roleName: string, policyName: string, policy: PolicyDocument): string =>
    `aws iam put-role-policy --role-name ${roleName} --policy-name ${policyName} --policy-document ${shellWord(JSON.stringify(policy))}`,

  setMaxSession: (roleName: string, seconds: number): string =>
    `aws iam update-role --role-name ${roleName} --max-session-duration ${seconds}`,

  showRole: (roleName: string): string => `aws iam get-role --role-name ${roleName}`,
};
