import { Ring } from './ring.js';

/** One call, as CloudTrail would show it. Holds no secret: no credentials, tokens, bodies or external ids. */
export interface JournalEntry {
  readonly at: string;
  readonly service: string;
  readonly action: string;
  readonly principal_arn: string | null;
  readonly account_id: string | null;
  readonly region: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly outcome: 'success' | 'error';
  readonly error: string | null;
  readonly error_message: string | null;
  readonly http_status: number;
  readonly fault: string | null;
  readonly request_id: string;
  readonly sdk_invocation_id: string | null;
  readonly user_agent: string | null;
}

export const JOURNAL_CAPACITY = 50_000;

export const newJournal = (): Ring<JournalEntry> => new Ring(JOURNAL_CAPACITY);
