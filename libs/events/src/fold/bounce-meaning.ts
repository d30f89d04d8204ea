/** Subtypes of bounces and complaints in which SES did not even try: a list held the mail back. */
const ownLists = new Set(['OnAccountSuppressionList', 'OnTenantSuppressionList']);
const lists = new Set([...ownLists, 'Suppressed', 'EmailValidationSuppressed', 'UnsubscribedRecipient']);

const explanations: Readonly<Record<string, string>> = {
  Suppressed:
    'The address is on the suppression list that Amazon SES keeps for all its customers: it bounced recently.',
  OnAccountSuppressionList: 'The address is on the suppression list of the AWS account.',
  OnTenantSuppressionList: 'The address is on the suppression list of the SES tenant.',
  EmailValidationSuppressed: 'Amazon SES found by validation that the address does not accept mail.',
  UnsubscribedRecipient: 'The recipient has unsubscribed from the contact list.',
  NoEmail: 'The mail server of the recipient says that the address does not exist.',
  MailboxFull: "The recipient's mailbox is full.",
  MessageTooLarge: 'The message is larger than the mail server of the recipient accepts.',
  ContentRejected: 'The mail server of the recipient refused the content of the message.',
  AttachmentRejected: 'The mail server of the recipient refused an attachment.',
  CustomTimeoutExceeded: 'The time that was set for delivering the message is over.',
};

export interface BounceMeaning {
  type: 'bounced' | 'suppressed';
  /** Says nothing about the address. */
  isSoft: boolean;
  /** Whether SES counts it in the account's bounce rate. */
  isCounted: boolean;
  message: string;
}

/**
 * What a bounce means (SES developer guide, "Bounce types"). A permanent one of an unknown subtype is taken as what it says:
 * permanent.
 */
export function bounceMeaning(bounceType: string, bounceSubType: string): BounceMeaning {
  const isPermanent = bounceType === 'Permanent';
  const isHeldBack = isPermanent && lists.has(bounceSubType);
  return {
    type: isHeldBack ? 'suppressed' : 'bounced',
    isSoft: !isPermanent,
    isCounted: isPermanent && !ownLists.has(bounceSubType),
    message:
      explanations[bounceSubType] ??
      (isPermanent
        ? 'The mail server of the recipient refuses the message for good.'
        : 'The message could not be delivered, for a reason that may pass.'),
  };
}

/** A complaint that never was one: the account's list held the mail back because of an earlier complaint. */
export function isHeldBackComplaint(complaintSubType: string | null | undefined): boolean {
  return complaintSubType != null && lists.has(complaintSubType);
}

/** Why a list held mail back, in the words above. */
export function explainList(subType: string): string {
  return explanations[subType] ?? 'A suppression list held the message back.';
}
