import type { StoredMessage } from '../../state/message.js';
import type { SuppressionReason } from '../../state/ses-region.js';
import type { World } from '../../state/world.js';
import { parseAddress, simulatorMailbox } from '../send/address.js';
import type { SesEvent } from './payload.js';

const LISTED = /SuppressionList$/;

const suppressing = ({
  type,
  payload,
}: SesEvent): { reason: SuppressionReason; addresses: string[] } | null => {
  const addresses = (member: string): string[] =>
    (payload[member] as readonly { readonly emailAddress: string }[]).map(({ emailAddress }) => emailAddress);
  if (
    type === 'BOUNCE' &&
    payload['bounceType'] === 'Permanent' &&
    !LISTED.test(String(payload['bounceSubType']))
  )
    return { reason: 'BOUNCE', addresses: addresses('bouncedRecipients') };
  if (
    type === 'COMPLAINT' &&
    payload['complaintSubType'] === null &&
    payload['complaintFeedbackType'] !== 'not-spam'
  )
    return { reason: 'COMPLAINT', addresses: addresses('complainedRecipients') };
  return null;
};

/** A hard bounce or complaint puts the address on the account's list, if the reasons in force say so. Never a simulator's. */
export const recordSuppression = (world: World, message: StoredMessage, event: SesEvent): void => {
  const found = suppressing(event);
  if (found === null) return;
  const ses = world.ses(message.accountId, message.region);
  const set = ses.configurationSets.get(message.configurationSet ?? '');
  if (!(set?.suppressedReasons ?? ses.suppressedReasons).includes(found.reason)) return;
  for (const emailAddress of found.addresses) {
    const parsed = parseAddress(emailAddress);
    if (typeof parsed === 'string' || simulatorMailbox(parsed) !== null) continue;
    ses.suppressed.set(emailAddress, {
      emailAddress,
      reason: found.reason,
      updatedAt: world.clock.now(),
    });
  }
  world.onChange();
};
