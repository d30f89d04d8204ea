import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { parseSchedule } from '../accept/schedule.js';
import { EmailsRepository } from './emails.repository.js';

/** Cancels or moves a scheduled email. Racing the sender, exactly one wins. */
@Injectable()
export class ChangeSchedule {
  constructor(
    @Inject(EmailsRepository) private readonly emails: EmailsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError not_found, or `email.not_scheduled` */
  async cancel(projectId: string, id: string): Promise<void> {
    if (!(await this.emails.cancel(projectId, id))) throw await this.refusal(projectId, id);
  }

  /** @throws AppError not_found, `email.not_scheduled`, or for a time that cannot be read */
  async reschedule(projectId: string, id: string, scheduledAt: string): Promise<void> {
    const schedule = parseSchedule(scheduledAt, this.clock.now());
    if ('problem' in schedule) {
      throw new AppError({
        code: 'email.invalid',
        kind: 'invalid',
        field: 'scheduled_at',
        message: `Invalid \`scheduled_at\` field. It ${schedule.problem}.`,
      });
    }
    if ((await this.emails.reschedule(projectId, id, schedule.at)) === undefined)
      throw await this.refusal(projectId, id);
  }

  private async refusal(projectId: string, id: string): Promise<AppError> {
    if (!(await this.emails.exists(projectId, id))) return notFound('Email');
    return new AppError({
      code: 'email.not_scheduled',
      kind: 'invalid',
      message: 'The email is not scheduled any more: it was sent, is being sent or was canceled.',
    });
  }
}
