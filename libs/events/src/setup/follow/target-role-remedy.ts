import { targetRolePolicy, targetRoleTrust, type FeedbackArns, type FeedbackNames } from '#libs/connections';
import { needsCustomer, type StepResult } from './step-result.js';

const quoted = (policy: object): string => `'${JSON.stringify(policy)}'`;

/** EventBridge calls us in a role of the customer's, and Sesame never makes roles. */
export function targetRoleMissing(names: FeedbackNames, arns: FeedbackArns): StepResult {
  const trust = targetRoleTrust();
  const policy = targetRolePolicy(arns);
  const cli = [
    `aws iam create-role --role-name ${names.targetRole} --assume-role-policy-document ${quoted(trust)}`,
    `aws iam put-role-policy --role-name ${names.targetRole} --policy-name call-sesame --policy-document ${quoted(policy)}`,
  ].join('\n');
  return needsCustomer(
    `EventBridge needs the role ${arns.targetRole} to call Sesame in, and cannot assume it.`,
    `Make the role, which may call nothing but Sesame's endpoint. With the AWS CLI:\n\n${cli}`,
    { trust_policy: trust, permissions_policy: policy, cli },
  );
}
