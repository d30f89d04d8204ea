import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { LaneWakeUps } from '../lane-wake-ups.js';
import { EmailsRepository } from './emails.repository.js';

/** Sends a mail again that ended without success, as the same email with its attempts counted anew. */
@Injectable()
export class ResendEmail {
  constructor(
    @Inject(EmailsRepository) private readonly emails: EmailsRepository,
    @Inject(LaneWakeUps) private readonly wakeUps: LaneWakeUps,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError not_found, or `email.not_resendable` for one that is under way, was sent or was canceled */
  async execute(projectId: string, id: string): Promise<void> {
    const connectionId = await this.emails.requeue(projectId, id, this.clock.now());
    if (connectionId === undefined) {
      if (!(await this.emails.exists(projectId, id))) throw notFound('Email');
      throw new AppError({
        code: 'email.not_resendable',
        kind: 'invalid',
        message: 'Only an email that is `failed`, `uncertain` or `expired` can be sent again.',
      });
    }
    this.wakeUps.wake(connectionId);
  }
}
