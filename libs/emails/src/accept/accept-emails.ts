import { Inject, Injectable } from '@nestjs/common';
import { Clock, sha256 } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { JobProducer } from '#libs/queue';
import { Logger, Metrics } from '#libs/telemetry';
import { AcceptRepository, type IdempotencyKey, type Submission } from './accept.repository.js';
import { chooseConnection } from './choose-connection.js';
import { GroupCommit } from './group-commit.js';
import { prepareEmail, priorities, type PreparedEmail } from './prepare-email.js';
import type { SendEmailRequest } from './send-request.js';
import { SendingConnectionsRepository } from './sending-connections.repository.js';

/** On whose behalf mail is accepted. */
export interface Sender {
  projectId: string;
  apiKeyId: string | undefined;
  /** When set, the only domain that From may have. */
  domain: string | undefined;
}

export interface AcceptOptions {
  /** The route, as scope of the idempotency key. */
  endpoint: string;
  idempotencyKey: string | undefined;
}

export interface BatchError {
  index: number;
  message: string;
}

/**
 * Takes emails in: validates, builds their SES requests, commits them with others that arrive at the same time and
 * wakes their lanes. What it returns is safely stored.
 */
@Injectable()
export class AcceptEmails {
  private readonly commits: GroupCommit<Submission, boolean>;
  private readonly accepted;

  constructor(
    @Inject(AcceptRepository) private readonly repository: AcceptRepository,
    @Inject(SendingConnectionsRepository) private readonly connections: SendingConnectionsRepository,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    // Weight: bytes of the payloads. 8 MB keeps one transaction short and its memory small.
    this.commits = new GroupCommit((items) => this.repository.commit(items), {
      parallel: 2,
      maxWeight: 8 * 1024 * 1024,
    });
    this.accepted = metrics.counter('sesame_emails_accepted_total', 'Emails accepted and committed.');
  }

  /** One email. @returns the answer's body; the earlier one when the idempotency key repeats */
  async single(sender: Sender, request: SendEmailRequest, options: AcceptOptions): Promise<{ id: string }> {
    const email = await this.prepare(sender, request, priorities.single);
    return this.submit(sender, [email], { id: email.id }, options, request);
  }

  /** All or nothing. @throws AppError of the first invalid email, its field prefixed with the index */
  async batch(
    sender: Sender,
    requests: readonly SendEmailRequest[],
    options: AcceptOptions,
  ): Promise<{ data: { id: string }[] }> {
    const emails: Placed[] = [];
    for (const [index, request] of requests.entries()) {
      emails.push(await this.prepareBatchItem(sender, request, index));
    }
    return this.submit(sender, emails, { data: emails.map(({ id }) => ({ id })) }, options, requests);
  }

  /** Takes the valid ones and reports the others. */
  async permissiveBatch(
    sender: Sender,
    requests: readonly (SendEmailRequest | { problem: string })[],
    options: AcceptOptions,
  ): Promise<{ data: { id: string }[]; errors: BatchError[] }> {
    const emails: Placed[] = [];
    const errors: BatchError[] = [];
    for (const [index, request] of requests.entries()) {
      try {
        if ('problem' in request) errors.push({ index, message: request.problem });
        else emails.push(await this.prepareBatchItem(sender, request, index));
      } catch (error) {
        if (!(error instanceof AppError) || error.kind === 'internal' || error.kind === 'unavailable')
          throw error;
        errors.push({ index, message: error.message });
      }
    }
    return this.submit(sender, emails, { data: emails.map(({ id }) => ({ id })), errors }, options, requests);
  }

  private async prepareBatchItem(sender: Sender, request: SendEmailRequest, index: number): Promise<Placed> {
    try {
      if ((request.attachments ?? []).length > 0) {
        throw new AppError({
          code: 'email.batch_attachments',
          kind: 'invalid',
          field: 'attachments',
          message: 'The `attachments` field is not supported in batches.',
        });
      }
      return await this.prepare(sender, request, priorities.batch);
    } catch (error) {
      if (!(error instanceof AppError) || error.field === undefined) throw error;
      const { code, kind, message, field, remedy } = error;
      throw new AppError({
        code,
        kind,
        message,
        field: `[${index}].${field}`,
        ...(remedy !== undefined && { remedy }),
      });
    }
  }

  private async prepare(sender: Sender, request: SendEmailRequest, priority: number): Promise<Placed> {
    const email = await prepareEmail(request, priority, this.clock.now());
    if (sender.domain !== undefined && email.fromDomain !== sender.domain) {
      throw new AppError({
        code: 'email.domain_not_allowed',
        kind: 'forbidden',
        field: 'from',
        message: `This API key may only send from \`${sender.domain}\`.`,
      });
    }
    const connectionId = chooseConnection(await this.connections.list(sender.projectId), email.connectionId);
    return { ...email, connectionId };
  }

  private async submit<Answer extends object>(
    sender: Sender,
    emails: readonly Placed[],
    response: Answer,
    options: AcceptOptions,
    request: unknown,
  ): Promise<Answer> {
    const idempotency = toIdempotencyKey(options, request);
    const submission: Submission = {
      projectId: sender.projectId,
      apiKeyId: sender.apiKeyId,
      emails,
      idempotency,
      response,
    };
    if (emails.length === 0 && idempotency === undefined) return response;
    const isNew = await this.commits.add(
      submission,
      emails.reduce((sum, email) => sum + email.payloadBytes, 1_000),
    );
    if (!isNew && idempotency !== undefined) return this.replay<Answer>(sender.projectId, idempotency);
    this.accepted.inc(emails.length);
    this.wake(emails);
    return response;
  }

  /** The commit is what counts: a wake-up that is lost is made good by the ticker within a second. */
  private wake(emails: readonly Placed[]): void {
    const due = emails.filter(({ scheduledAt }) => scheduledAt === undefined);
    for (const connectionId of new Set(due.map((email) => email.connectionId))) {
      this.jobs
        .add('lane.drain', { connectionId })
        .catch((error: unknown) => this.logger.warn('lane.wake_lost', { connectionId, error }));
    }
  }

  private async replay<Answer extends object>(
    projectId: string,
    { endpoint, key, requestHash }: IdempotencyKey,
  ): Promise<Answer> {
    const answer = await this.repository.findAnswer(projectId, endpoint, key);
    if (answer === undefined) {
      throw new AppError({
        code: 'email.idempotency_in_progress',
        kind: 'idempotency_in_progress',
        message: 'A request with this idempotency key is still in progress.',
        retryAfterMs: 1_000,
      });
    }
    if (!answer.requestHash.equals(requestHash)) {
      throw new AppError({
        code: 'email.idempotency_mismatch',
        kind: 'idempotency_mismatch',
        message: 'This idempotency key was used with a different request payload in the last 24 hours.',
      });
    }
    return answer.response as Answer;
  }
}

type Placed = PreparedEmail & { connectionId: string };

function toIdempotencyKey(
  { endpoint, idempotencyKey }: AcceptOptions,
  request: unknown,
): IdempotencyKey | undefined {
  if (idempotencyKey === undefined) return undefined;
  return { endpoint, key: idempotencyKey, requestHash: sha256(canonicalJson(request)) };
}

/** The same text for the same JSON, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}
