import { badRequest } from '../errors.js';
import { parseAddress, tooLong, type Address } from './address.js';
import type { DestinationInput } from './send-input.js';

export interface Envelope {
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly feedback: Address | null;
}

export const MAX_RECIPIENTS = 50;

/** Parses one address of the request. Throws AwsError with SES's text. */
export const requireAddress = (written: string): Address => {
  const parsed = parseAddress(written);
  if (typeof parsed === 'string') throw badRequest(parsed);
  return parsed;
};

const addresses = (list: readonly string[] | undefined): Address[] => (list ?? []).map(requireAddress);

export const readEnvelope = (
  from: string,
  destination: DestinationInput | undefined,
  replyTo: readonly string[] | undefined,
  feedback: string | undefined,
): Envelope => ({
  from: requireAddress(from),
  to: addresses(destination?.ToAddresses),
  cc: addresses(destination?.CcAddresses),
  bcc: addresses(destination?.BccAddresses),
  replyTo: addresses(replyTo),
  feedback: feedback === undefined || feedback === '' ? null : requireAddress(feedback),
});

export const recipientsOf = (envelope: Envelope): Address[] => [
  ...envelope.to,
  ...envelope.cc,
  ...envelope.bcc,
];

/** Recipients present, no more than 50 in To, Cc and Bcc together, none of the addresses too long. */
export const checkRecipients = (envelope: Envelope): void => {
  const recipients = recipientsOf(envelope);
  if (recipients.length === 0) throw badRequest('At least one recipient must be specified.');
  if (recipients.length > MAX_RECIPIENTS) throw badRequest(`Recipient count exceeds ${MAX_RECIPIENTS}.`);
  for (const address of [envelope.from, ...recipients, ...envelope.replyTo]) {
    const problem = tooLong(address.written);
    if (problem !== null) throw badRequest(problem);
  }
};
