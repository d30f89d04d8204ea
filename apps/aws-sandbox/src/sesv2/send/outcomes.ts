import type { Outcome } from '../../state/outcome.js';
import type { ConfigurationSet, SesRegion, SuppressedDestination } from '../../state/ses-region.js';
import { simulatorMailbox, type Address } from './address.js';

const findSuppressed = (ses: SesRegion, address: string): SuppressedDestination | undefined => {
  if (ses.suppressed.size === 0) return undefined;
  const exact = ses.suppressed.get(address);
  if (exact !== undefined) return exact;
  // The list is managed by exact spelling, but a send matches it without case.
  const wanted = address.toLowerCase();
  for (const entry of ses.suppressed.values()) if (entry.emailAddress.toLowerCase() === wanted) return entry;
  return undefined;
};

/** What will happen to an accepted message. Suppressed recipients are accepted too; the bounce comes as an event. */
export const decideOutcomes = (
  ses: SesRegion,
  configurationSet: ConfigurationSet | undefined,
  recipients: readonly Address[],
): Outcome[] => {
  const reasons = configurationSet?.suppressedReasons ?? ses.suppressedReasons;
  const delivered: string[] = [];
  const bounced: string[] = [];
  const complained: string[] = [];
  const onGlobalList: string[] = [];
  const onAccountList = { BOUNCE: [] as string[], COMPLAINT: [] as string[] };
  for (const recipient of recipients) {
    const suppressed = findSuppressed(ses, recipient.address);
    const mailbox = simulatorMailbox(recipient);
    if (suppressed !== undefined && reasons.includes(suppressed.reason))
      onAccountList[suppressed.reason].push(recipient.address);
    else if (mailbox === 'bounce') bounced.push(recipient.address);
    else if (mailbox === 'suppressionlist') onGlobalList.push(recipient.address);
    else {
      delivered.push(recipient.address);
      if (mailbox === 'complaint') complained.push(recipient.address);
    }
  }
  const outcomes: Outcome[] = [{ type: 'Send' }];
  const bounce = (bounceSubType: string, list: string[]): void => {
    if (list.length > 0)
      outcomes.push({ type: 'Bounce', bounceType: 'Permanent', bounceSubType, recipients: list });
  };
  if (delivered.length > 0) outcomes.push({ type: 'Delivery', recipients: delivered });
  bounce('General', bounced);
  bounce('Suppressed', onGlobalList);
  bounce('OnAccountSuppressionList', onAccountList.BOUNCE);
  if (complained.length > 0)
    outcomes.push({ type: 'Complaint', complaintSubType: null, recipients: complained });
  if (onAccountList.COMPLAINT.length > 0) {
    outcomes.push({
      type: 'Complaint',
      complaintSubType: 'OnAccountSuppressionList',
      recipients: onAccountList.COMPLAINT,
    });
  }
  return outcomes;
};
