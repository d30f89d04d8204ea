import { derivedId, timeOfId } from '#libs/crypto';
import type { NewFact } from './fact-counter.js';
import type { Fact } from './fact.js';
import { groupBy } from './group-by.js';
import { decideEmail } from './precedence.js';
import type { MatchedRecord } from './sort-records.js';
import type { EmailWrite, EventRow } from './system-fold.repository.js';

/** A fact of a record with the id it is stored under. */
export interface StorableFact {
  recordId: string;
  record: MatchedRecord;
  fact: Fact;
  row: EventRow;
}

/** The facts of some records, each once however often it was told. */
export function factsToStore(records: readonly MatchedRecord[]): StorableFact[] {
  const byId = new Map<string, StorableFact>();
  for (const record of records) {
    const { told, email } = record;
    for (const fact of told.facts) {
      const { type, recipient, at, data } = fact;
      const id = idOf(email.id, told.sesMessageId, fact);
      if (byId.has(id)) continue;
      byId.set(id, {
        recordId: record.id,
        record,
        fact,
        row: { id, emailId: email.id, type, recipient, at, data },
      });
    }
  }
  return [...byId.values()];
}

/**
 * The same for the same thing, whichever way and however often it is told. The time in it is the event's, as the table's partitions
 * want it, but never before the email's: for that week there may be no partition.
 */
function idOf(emailId: string, sesMessageId: string, { type, recipient, at, key }: Fact): string {
  const made = timeOfId(emailId);
  return derivedId(at < made ? made : at, sesMessageId, type, recipient ?? '', at.toISOString(), key);
}

/** What becomes of the emails, and the `sent` of those that the records settle. */
export function emailsToWrite(
  projectId: string,
  records: readonly MatchedRecord[],
): { writes: EmailWrite[]; settled: NewFact[] } {
  const writes: EmailWrite[] = [];
  const settled: NewFact[] = [];
  for (const [email, about] of groupBy(records, (record) => record.email)) {
    const change = decideEmail(
      email.state,
      about.flatMap(({ told }) => told.facts),
    );
    if (change === undefined) continue;
    // Of a mail that SES has taken twice, the first one counts.
    const [first] = about
      .map(({ told }) => told)
      .sort((a, b) => a.acceptedAt.getTime() - b.acceptedAt.getTime());
    if (first === undefined) continue;
    const { sesMessageId, acceptedAt: sentAt } = first;
    writes.push({ emailId: email.id, change, sesMessageId, sentAt });
    if (change.isSettled) settled.push({ projectId, email: { ...email, sentAt }, fact: sentFact(sentAt) });
  }
  return { writes, settled };
}

function sentFact(at: Date): Fact {
  return { type: 'sent', recipient: null, at, key: '', data: {}, isSoft: false, isCounted: false };
}
