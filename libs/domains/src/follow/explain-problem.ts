import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, isAccessDenied, isCredentialFailure } from '#libs/aws';
import { ExplainDenial, SessionBroker, type BrokeredSession } from '#libs/connections';
import { AppError } from '#libs/errors';
import type { DomainProblem } from '../domain.js';

/** SES's answers that will be the same next time. */
const refusals: ReadonlySet<string> = new Set([
  'BadRequestException',
  'LimitExceededException',
  'MalformedAnswer',
]);

/** Turns what went wrong between a domain and its SES into words for the customer. */
@Injectable()
export class ExplainProblem {
  constructor(
    @Inject(ExplainDenial) private readonly explainDenial: ExplainDenial,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
  ) {}

  /** @throws the error itself when it is neither AWS's nor the broker's */
  async execute(
    connectionId: string,
    session: BrokeredSession | undefined,
    error: unknown,
  ): Promise<DomainProblem> {
    if (error instanceof AwsFailure) return this.ofAws(connectionId, session, error);
    if (error instanceof AppError && error.kind === 'unavailable') {
      const { code, message, remedy } = error;
      return { kind: 'waiting', code, message, remedy: remedy ?? null };
    }
    throw error;
  }

  private async ofAws(
    connectionId: string,
    session: BrokeredSession | undefined,
    failure: AwsFailure,
  ): Promise<DomainProblem> {
    const { code, message } = failure;
    if (isAccessDenied(failure)) {
      const { message, remedy } = await this.explainDenial.execute(connectionId, 'configure', failure);
      return { kind: 'denied', code, message, remedy };
    }
    if (isCredentialFailure(failure) && session !== undefined)
      await this.broker.reportRejected(connectionId, 'configure', session.generation);
    if (refusals.has(code)) return { kind: 'refused', code, message: `SES says: ${message}`, remedy: null };
    return {
      kind: 'waiting',
      code,
      message: `AWS gave no clear answer (${code}). It is asked again by itself.`,
      remedy: null,
    };
  }
}
