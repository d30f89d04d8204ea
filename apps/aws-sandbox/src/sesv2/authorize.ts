import { callerContext } from '../iam/caller-context.js';
import type { Caller } from '../iam/caller.js';
import { deniedText } from '../iam/denied-text.js';
import { authorizeCaller, type Decision } from '../iam/evaluate.js';
import type { RequestContext } from '../iam/request-context.js';
import type { AwsError } from '../aws-error.js';
import { accessDenied } from './errors.js';
import type { Access, SesCall } from './operation.js';

const controlPlaneDenied = (
  caller: Caller,
  access: Access,
  decision: Extract<Decision, { isAllowed: false }>,
): AwsError => accessDenied(deniedText(caller.arn, access.action, access.resource, decision));

/** Sends are checked by SES itself, with its own wording: back-tick before, apostrophe after. */
const sendDenied = (caller: Caller, access: Access): AwsError =>
  accessDenied(
    `User \`${caller.arn}' is not authorized to perform \`${access.action}' on resource \`${access.resource}'`,
  );

export const sesContext = (call: SesCall): RequestContext =>
  callerContext(call.caller, call.request, call.region, call.now, call.world.settings)
    .set('aws:ResourceAccount', call.caller.accountId)
    .set('ses:ApiVersion', '2');

export const authorizeControlPlane = (call: SesCall, accesses: readonly Access[]): void => {
  const context = sesContext(call);
  for (const access of accesses) {
    if (access.tags !== undefined) {
      context.set(
        'aws:TagKeys',
        access.tags.map((tag) => tag.Key),
      );
      for (const tag of access.tags) context.set(`aws:RequestTag/${tag.Key}`, tag.Value);
    }
    const decision = authorizeCaller(call.caller, {
      action: access.action,
      resource: access.resource,
      context,
    });
    if (!decision.isAllowed) throw controlPlaneDenied(call.caller, access, decision);
  }
};

/** Every resource of a send has to be allowed: identity, configuration set, template. */
export const authorizeSend = (
  call: SesCall,
  action: string,
  resources: readonly string[],
  context: RequestContext,
): void => {
  for (const resource of resources) {
    const decision = authorizeCaller(call.caller, { action, resource, context });
    if (!decision.isAllowed) throw sendDenied(call.caller, { action, resource });
  }
};
