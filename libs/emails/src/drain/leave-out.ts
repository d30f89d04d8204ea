import { readDestination, recipientsOf, withoutRecipients } from './destination.js';
import type { ClaimedEmail } from './drain.repository.js';

/** A recipient that does not get a mail, as the payload writes it, and why. */
export interface LeftOut<Reason> {
  mailbox: string;
  reason: Reason;
}

/** A mail that goes to fewer than it was meant for, or to nobody. */
export interface Shortened<Reason> {
  emailId: string;
  isWhole: boolean;
  leftOut: LeftOut<Reason>[];
}

/** Every recipient of some mails, as their payloads write them. */
export function allRecipients(emails: readonly ClaimedEmail[]): string[] {
  return emails.flatMap(({ payload }) => recipientsOf(readDestination(payload).destination));
}

/**
 * The mails as they may go: those with some recipients in `reasons` without these, those with only such recipients not at all.
 * Mails that none of it concerns are passed on as they are.
 */
export function leaveOut<Reason>(
  emails: readonly ClaimedEmail[],
  reasons: ReadonlyMap<string, Reason>,
): { going: ClaimedEmail[]; shortened: Shortened<Reason>[] } {
  const going: ClaimedEmail[] = [];
  const shortened: Shortened<Reason>[] = [];
  for (const email of emails) {
    const recipients = recipientsOf(readDestination(email.payload).destination);
    const leftOut = recipients.flatMap((mailbox) => {
      const reason = reasons.get(mailbox);
      return reason === undefined ? [] : [{ mailbox, reason }];
    });
    const left = recipients.length - leftOut.length;
    if (leftOut.length > 0) shortened.push({ emailId: email.id, isWhole: left === 0, leftOut });
    if (leftOut.length === 0) going.push(email);
    else if (left > 0) {
      const payload = withoutRecipients(email.payload, (mailbox) => reasons.has(mailbox));
      going.push({ ...email, payload, recipients: left });
    }
  }
  return { going, shortened };
}
