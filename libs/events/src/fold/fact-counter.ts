import type { Sql } from '#libs/database';
import type { Fact } from './fact.js';

/** The email that facts are about. */
export interface FoundEmail {
  id: string;
  connectionId: string;
  createdAt: Date;
  /** As far as it is known; of mail that an event settled just now, when SES took it. */
  sentAt: Date | null;
  /** From, as the mail has it. */
  sender: string;
  /** To, Cc and Bcc together. */
  recipients: number;
  tags: { name: string; value: string }[];
}

/** A fact that was not known before. */
export interface NewFact {
  projectId: string;
  /** `sent` only of mail that an event settled: of all other mail the drain has recorded it. */
  fact: Fact;
  email: FoundEmail;
}

/** Counts what is new, in the transaction that stores it: neither is ever without the other. */
export abstract class FactCounter {
  abstract count(facts: readonly NewFact[], sql: Sql): Promise<void>;
}
