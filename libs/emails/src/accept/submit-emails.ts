import { Inject, Injectable } from '@nestjs/common';
import { GroupCommit } from '#libs/database';
import { AppError } from '#libs/errors';
import { Metrics } from '#libs/telemetry';
import { LaneWakeUps } from '../lane-wake-ups.js';
import { AcceptRepository, type IdempotencyKey, type Submission } from './accept.repository.js';
import type { PreparedEmail } from './prepare-email.js';

/** A prepared email and the connection it goes through. */
export type PlacedEmail = PreparedEmail & { connectionId: string };

/** What one request, or one SMTP transaction, wants stored. */
export interface SubmitRequest<Answer extends object> {
  projectId: string;
  apiKeyId: string | undefined;
  emails: readonly PlacedEmail[];
  /** Kept for a repeat of the idempotency key. */
  response: Answer;
  idempotency: IdempotencyKey | undefined;
}

/**
 * Commits emails together with others that arrive at the same time and wakes their lanes: the one way in, for the
 * API as for SMTP. What it returns is safely stored.
 */
@Injectable()
export class SubmitEmails {
  private readonly commits: GroupCommit<Submission, boolean>;
  private readonly accepted;

  constructor(
    @Inject(AcceptRepository) private readonly repository: AcceptRepository,
    @Inject(LaneWakeUps) private readonly wakeUps: LaneWakeUps,
    @Inject(Metrics) metrics: Metrics,
  ) {
    // Weight: bytes of the payloads. 8 MB keeps one transaction short and its memory small.
    this.commits = new GroupCommit((items) => this.commit(items), {
      parallel: 2,
      maxWeight: 8 * 1024 * 1024,
    });
    this.accepted = metrics.counter('sesame_emails_accepted_total', 'Emails accepted and committed.');
  }

  /**
   * @returns the response; the earlier one when the idempotency key repeats
   * @throws AppError idempotency_mismatch, idempotency_in_progress
   */
  async execute<Answer extends object>(request: SubmitRequest<Answer>): Promise<Answer> {
    const { projectId, emails, response, idempotency } = request;
    if (emails.length === 0 && idempotency === undefined) return response;
    const isNew = await this.commits.add(
      request,
      emails.reduce((sum, email) => sum + email.payload.length, 1_000),
    );
    if (!isNew && idempotency !== undefined) return this.replay<Answer>(projectId, idempotency);
    return response;
  }

  private async commit(submissions: readonly Submission[]): Promise<readonly boolean[]> {
    const isNew = await this.repository.commit(submissions);
    const emails = submissions.flatMap((submission, index) =>
      isNew[index] === true ? submission.emails : [],
    );
    this.accepted.inc(emails.length);
    this.wake(emails);
    return isNew;
  }

  /** Each lane once for a commit. */
  private wake(emails: Submission['emails']): void {
    const due = emails.filter(({ scheduledAt }) => scheduledAt === undefined);
    for (const connectionId of new Set(due.map((email) => email.connectionId)))
      this.wakeUps.wake(connectionId);
  }

  /**
   * The answer that a request with this idempotency key got, if there was one.
   *
   * @throws AppError idempotency_mismatch
   */
  async earlier<Answer extends object>(
    projectId: string,
    idempotency: IdempotencyKey | undefined,
  ): Promise<Answer | undefined> {
    if (idempotency === undefined) return undefined;
    const { endpoint, key, requestHash } = idempotency;
    const answer = await this.repository.findAnswer(projectId, endpoint, key);
    if (answer === undefined) return undefined;
    if (!answer.requestHash.equals(requestHash)) {
      throw new AppError({
        code: 'email.idempotency_mismatch',
        kind: 'idempotency_mismatch',
        message: 'This idempotency key was used with a different request payload in the last 24 hours.',
      });
    }
    return answer.response as Answer;
  }

  private async replay<Answer extends object>(
    projectId: string,
    idempotency: IdempotencyKey,
  ): Promise<Answer> {
    const answer = await this.earlier<Answer>(projectId, idempotency);
    if (answer !== undefined) return answer;
    throw new AppError({
      code: 'email.idempotency_in_progress',
      kind: 'idempotency_in_progress',
      message: 'A request with this idempotency key is still in progress.',
      retryAfterMs: 1_000,
    });
  }
}
