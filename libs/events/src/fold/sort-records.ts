import type { Told } from './fact.js';
import type { FoldableEmail } from './system-fold.repository.js';

/** A record of the inbox that could be read. */
export interface ReadRecord {
  id: string;
  receivedAt: Date;
  told: Told;
}

/** A record and the email it is about. */
export interface MatchedRecord extends ReadRecord {
  email: FoldableEmail;
}

/** Somebody writes the email right now: done in a moment. */
const BUSY_MS = 500;
/** A classic notification may come before we have recorded the message id that it names. */
const UNKNOWN_MS = 60_000;
const UNKNOWN_FOR_MS = 10 * 60_000;

export interface SortedRecords {
  matched: MatchedRecord[];
  parked: { id: string; forMs: number }[];
  /** Of mail that is not this project's: of other software on the same configuration set, or of another tenant. */
  foreignIds: string[];
}

/** Which email each record is about. */
export function sortRecords(
  records: readonly ReadRecord[],
  emailIdOf: (told: Told) => string | undefined,
  emails: readonly FoldableEmail[],
  busy: readonly string[],
  now: Date,
): SortedRecords {
  const known = new Map(emails.map((email) => [email.id, email]));
  const busyIds = new Set(busy);
  const sorted: SortedRecords = { matched: [], parked: [], foreignIds: [] };
  for (const record of records) {
    const { id, told } = record;
    const emailId = emailIdOf(told) ?? '';
    const email = known.get(emailId);
    const isYoung = now.getTime() - record.receivedAt.getTime() < UNKNOWN_FOR_MS;
    if (email !== undefined) sorted.matched.push({ ...record, email });
    else if (busyIds.has(emailId)) sorted.parked.push({ id, forMs: BUSY_MS });
    else if (told.isClassic && isYoung) sorted.parked.push({ id, forMs: UNKNOWN_MS });
    else sorted.foreignIds.push(id);
  }
  return sorted;
}
