/** What is written about one attempt. */
export interface Outcome {
  emailId: string;
  /** New status of the email. */
  status: 'sent' | 'queued' | 'failed' | 'uncertain';
  attempt: 'sent' | 'retry' | 'throttled' | 'failed' | 'uncertain' | 'handed_back';
  /** Whether the attempt counts against MAX_ATTEMPTS. */
  isCounted: boolean;
  /** With `queued`: when it may go again, from now. */
  retryInMs: number;
  sesMessageId: string | undefined;
  errorName: string | undefined;
  errorMessage: string | undefined;
  errorRemedy: string | undefined;
  startedAt: Date;
  durationMs: number;
}
