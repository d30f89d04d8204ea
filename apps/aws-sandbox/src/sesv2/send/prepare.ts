import type { RequestContext } from '../../iam/request-context.js';
import type { Identity } from '../../state/ses-region.js';
import { sesArn } from '../arn.js';
import { authorizeSend, sesContext } from '../authorize.js';
import { accessDenied } from '../errors.js';
import type { SesCall } from '../operation.js';
import { simulatorMailbox, type Address } from './address.js';
import { recipientsOf, type Envelope } from './envelope.js';
import { matchingIdentities } from './sender-identity.js';

export interface Sender {
  /** The most specific identity that exists for the From address, verified or not. */
  readonly identity: Identity | undefined;
  readonly identityArn: string;
}

/** An exact address identity wins over its domain, so a policy on the domain alone may not be enough. */
export const findSender = (call: SesCall, from: Address, identityArn: string | undefined): Sender => {
  const [identity] = matchingIdentities(call.ses, from);
  if (identityArn !== undefined && identityArn !== '') {
    if (identityArn.split(':')[4] !== call.caller.accountId) {
      // Sending authorization by another account's identity policy is not simulated: nobody has granted anything.
      throw accessDenied(
        `User \`${call.caller.arn}' is not authorized to perform \`ses:SendEmail' on resource \`${identityArn}'`,
      );
    }
    return { identity, identityArn };
  }
  return { identity, identityArn: sesArn(call.ses, 'identity', identity?.name ?? from.address) };
};

/** Condition keys of a send. SendBulkEmail has none of the address keys: a policy cannot restrict it by From. */
const addressKeys = (context: RequestContext, envelope: Envelope): void => {
  context
    .set('ses:FromAddress', envelope.from.address)
    .set('ses:FromDisplayName', envelope.from.displayName ?? undefined)
    .set('ses:FeedbackAddress', envelope.feedback?.address);
  const recipients = recipientsOf(envelope);
  if (recipients.length > 0)
    context.set(
      'ses:Recipients',
      recipients.map((recipient) => recipient.address),
    );
};

export interface SendAccess {
  readonly action: string;
  readonly sender: Sender;
  /** null = SendBulkEmail. */
  readonly envelope: Envelope | null;
  readonly configurationSetName: string | undefined;
  readonly templateName: string | undefined;
  readonly hasTrackingOverrides: boolean;
}

/** Authorises everything a send touches. The identity's default configuration set counts although nobody named it. */
export const authorizeSending = (call: SesCall, access: SendAccess): void => {
  const { ses } = call;
  const context = sesContext(call);
  if (access.envelope !== null) addressKeys(context, access.envelope);
  const resources = [access.sender.identityArn];
  const set = access.configurationSetName ?? access.sender.identity?.configurationSetName ?? undefined;
  if (set !== undefined) resources.push(sesArn(ses, 'configuration-set', set));
  if (access.templateName !== undefined) resources.push(sesArn(ses, 'template', access.templateName));
  if (!ses.productionAccess && access.envelope !== null)
    resources.push(...sandboxRecipients(call, access.envelope));
  authorizeSend(call, access.action, resources, context);
  if (access.hasTrackingOverrides)
    authorizeSend(call, 'ses:ApplyTrackingConfigurationOverrides', ['*'], context);
};

/** In the SES sandbox the recipients' own verified identities are authorised as well. */
const sandboxRecipients = (call: SesCall, envelope: Envelope): string[] => {
  const arns = new Set<string>();
  for (const recipient of recipientsOf(envelope)) {
    const [identity] = simulatorMailbox(recipient) === null ? matchingIdentities(call.ses, recipient) : [];
    if (identity !== undefined) arns.add(sesArn(call.ses, 'identity', identity.name));
  }
  return [...arns];
};
