import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, isAccessDenied, isCredentialFailure } from '#libs/aws';
import {
  ExplainDenial,
  SessionBroker,
  type BrokeredSession,
  type FeedbackGrant,
  type Purpose,
} from '#libs/connections';
import { AppError } from '#libs/errors';
import type { FeedbackSource } from '../feedback-source.js';
import { needsCustomer, waiting, type StepResult } from './step-result.js';

/** A name is free again after a minute; SES and IAM contradict themselves for a moment after changes. */
const passing: ReadonlySet<string> = new Set([
  'QueueDeletedRecently',
  'AWS.SimpleQueueService.QueueDeletedRecently',
  'TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'ConcurrentModificationException',
  'OperationAborted',
]);

/** Which rights of `events` a source needs. */
export function grantOf({ mode, isManaged }: Pick<FeedbackSource, 'mode' | 'isManaged'>): FeedbackGrant {
  if (!isManaged) return 'kit';
  return mode === 'eventbridge' ? 'eventbridge' : 'set_up';
}

/** Turns what went wrong in a step into its result, for the customer. */
@Injectable()
export class ExplainStep {
  constructor(
    @Inject(ExplainDenial) private readonly explainDenial: ExplainDenial,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
  ) {}

  /** @throws the error itself when it is neither AWS's nor ours to explain */
  async execute(
    source: FeedbackSource,
    purpose: Purpose,
    session: BrokeredSession | undefined,
    error: unknown,
  ): Promise<StepResult> {
    if (error instanceof AwsFailure) return this.ofAws(source, purpose, session, error);
    if (error instanceof AppError) {
      const { kind, message, remedy = null, retryAfterMs } = error;
      return kind === 'unavailable'
        ? { ...waiting('customer', message, retryAfterMs), remedy }
        : { outcome: 'failed', side: 'platform', detail: message, remedy };
    }
    throw error;
  }

  private async ofAws(
    source: FeedbackSource,
    purpose: Purpose,
    session: BrokeredSession | undefined,
    failure: AwsFailure,
  ): Promise<StepResult> {
    const { code, message, httpStatus = 500, service, operation } = failure;
    if (isAccessDenied(failure)) {
      const grant = { feedback: grantOf(source) };
      const denied = await this.explainDenial.execute(source.connectionId, purpose, failure, grant);
      return needsCustomer(denied.message, denied.remedy, denied.paste);
    }
    if (isCredentialFailure(failure)) {
      if (session !== undefined)
        await this.broker.reportRejected(source.connectionId, purpose, session.generation);
      return waiting('aws', `AWS did not take the session (${code}). A new one is made.`);
    }
    if (passing.has(code) || httpStatus >= 500 || httpStatus === 429)
      return waiting('aws', `AWS has not done it yet (${operation}: ${code}). It is tried again by itself.`);
    return needsCustomer(`${service.toUpperCase()} refuses ${operation}: ${message}`);
  }
}
