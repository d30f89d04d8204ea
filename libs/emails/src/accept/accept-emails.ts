import { Inject, Injectable } from '@nestjs/common';
import { Clock, sha256 } from '#libs/crypto';
import { AppError } from '#libs/errors';
import type { IdempotencyKey } from './accept.repository.js';
import { ApplyTemplate, newRenderBudget, type RenderBudget } from './apply-template.js';
import { FetchAttachments, hasRemoteFiles } from './fetch-attachments.js';
import { PlaceEmail, type Sender } from './place-email.js';
import { prepareEmail, priorities } from './prepare-email.js';
import type { SendEmailRequest } from './send-request.js';
import { SubmitEmails, type PlacedEmail } from './submit-emails.js';

export interface AcceptOptions {
  /** The route, as scope of the idempotency key. */
  endpoint: string;
  idempotencyKey: string | undefined;
}

export interface BatchError {
  index: number;
  message: string;
}

/** Takes emails in: validates, builds their SES requests and has them committed. What it returns is safely stored. */
@Injectable()
export class AcceptEmails {
  constructor(
    @Inject(ApplyTemplate) private readonly templates: ApplyTemplate,
    @Inject(PlaceEmail) private readonly place: PlaceEmail,
    @Inject(SubmitEmails) private readonly submission: SubmitEmails,
    @Inject(FetchAttachments) private readonly files: FetchAttachments,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** One email. @returns the answer's body; the earlier one when the idempotency key repeats */
  async single(sender: Sender, request: SendEmailRequest, options: AcceptOptions): Promise<{ id: string }> {
    const { projectId } = sender;
    const prepare = (complete: SendEmailRequest) => this.prepare(sender, complete, priorities.single);
    const submit = (email: PlacedEmail) => this.submit(sender, [email], { id: email.id }, options, request);
    // Most emails are complete as they come.
    if (!hasRemoteFiles(request) && request.template == null) return submit(await prepare(request));
    // A repeat is answered without its files and its template: they may be gone by now.
    const earlier = await this.submission.earlier<{ id: string }>(
      projectId,
      toIdempotencyKey(options, request),
    );
    if (earlier !== undefined) return earlier;
    const whole = await this.templates.execute(projectId, request, newRenderBudget());
    return this.files.complete(projectId, whole, prepare, async (complete) =>
      submit(await prepare(complete)),
    );
  }

  /** All or nothing. @throws AppError of the first invalid email, its field prefixed with the index */
  async batch(
    sender: Sender,
    requests: readonly SendEmailRequest[],
    options: AcceptOptions,
  ): Promise<{ data: { id: string }[] }> {
    if (requests.some(({ template }) => template != null)) {
      const earlier = await this.submission.earlier<{ data: { id: string }[] }>(
        sender.projectId,
        toIdempotencyKey(options, requests),
      );
      if (earlier !== undefined) return earlier;
    }
    const emails: PlacedEmail[] = [];
    const budget = newRenderBudget();
    for (const [index, request] of requests.entries()) {
      emails.push(await this.prepareBatchItem(sender, request, index, budget));
    }
    return this.submit(sender, emails, { data: emails.map(({ id }) => ({ id })) }, options, requests);
  }

  /** Takes the valid ones and reports the others. */
  async permissiveBatch(
    sender: Sender,
    requests: readonly (SendEmailRequest | { problem: string })[],
    options: AcceptOptions,
  ): Promise<{ data: { id: string }[]; errors: BatchError[] }> {
    const emails: PlacedEmail[] = [];
    const errors: BatchError[] = [];
    const budget = newRenderBudget();
    for (const [index, request] of requests.entries()) {
      try {
        if ('problem' in request) errors.push({ index, message: request.problem });
        else emails.push(await this.prepareBatchItem(sender, request, index, budget));
      } catch (error) {
        if (!(error instanceof AppError) || error.kind === 'internal' || error.kind === 'unavailable')
          throw error;
        errors.push({ index, message: error.message });
      }
    }
    return this.submit(sender, emails, { data: emails.map(({ id }) => ({ id })), errors }, options, requests);
  }

  private async prepareBatchItem(
    sender: Sender,
    request: SendEmailRequest,
    index: number,
    budget: RenderBudget,
  ): Promise<PlacedEmail> {
    try {
      if ((request.attachments ?? []).length > 0) {
        throw new AppError({
          code: 'email.batch_attachments',
          kind: 'invalid',
          field: 'attachments',
          message: 'The `attachments` field is not supported in batches.',
        });
      }
      const whole = await this.templates.execute(sender.projectId, request, budget);
      return await this.prepare(sender, whole, priorities.batch);
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

  private async prepare(sender: Sender, request: SendEmailRequest, priority: number): Promise<PlacedEmail> {
    const email = await prepareEmail(request, priority, this.clock.now());
    const connectionId = await this.place.execute(sender, email.fromDomain, email.connectionId);
    return { ...email, connectionId };
  }

  private submit<Answer extends object>(
    { projectId, apiKeyId }: Sender,
    emails: readonly PlacedEmail[],
    response: Answer,
    options: AcceptOptions,
    request: unknown,
  ): Promise<Answer> {
    const idempotency = toIdempotencyKey(options, request);
    return this.submission.execute({ projectId, apiKeyId, emails, response, idempotency });
  }
}

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
