import type { Decision } from './evaluate.js';

type Refusal = Extract<Decision, { isAllowed: false }>;

/** IAM's common text for a refusal; every service writes the action in its own way. */
export const deniedText = (
  callerArn: string,
  action: string,
  resource: string,
  decision: Refusal,
): string => {
  const denied = `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource}`;
  const { policyType, isExplicit } = decision;
  return isExplicit
    ? `${denied} with an explicit deny in ${policyType === 'identity-based' ? 'an' : 'a'} ${policyType} policy`
    : `${denied} because no ${policyType} policy allows the ${action} action`;
};
