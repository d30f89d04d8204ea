import { parseMailbox, type Mailbox } from '#libs/emails';
import { Reply } from './reply.js';

/** A recipient of the envelope, its domain in ASCII. @throws Reply 553 for what Amazon SES cannot send to */
export function readRecipient(address: string): Mailbox {
  // smtp-server gives domains in Unicode, whichever way they came.
  const local = address.slice(0, address.lastIndexOf('@'));
  if (/[^ -~]/.test(local))
    throw new Reply(553, '5.6.7 Amazon SES sends to addresses with an ASCII part before the @ only');
  const mailbox = parseMailbox(address);
  if (mailbox === undefined || mailbox.name !== '')
    throw new Reply(553, '5.1.3 Not an address that Amazon SES sends to');
  return mailbox;
}
