import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import type { FeedbackSource } from './feedback-source.js';
import { FeedbackRepository } from './feedback.repository.js';

/** A turn of a lane began with the configuration set that is about to go, and lasts about this long. */
const LAST_MAIL_MS = 5_000;

/** Ends the feedback of a connection; a worker takes out of AWS what was made for it. */
@Injectable()
export class RemoveFeedback {
  constructor(
    @Inject(FeedbackRepository) private readonly sources: FeedbackRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Twice is once. @throws AppError `feedback.not_found` */
  async execute(projectId: string, connectionId: string, actor: string): Promise<FeedbackSource> {
    const at = this.clock.now();
    const { status } = await this.sources.get(projectId, connectionId);
    if (status !== 'removing') {
      const audit = { actor, action: 'feedback.removed', at };
      await this.sources.remove(projectId, connectionId, new Date(at.getTime() + LAST_MAIL_MS), audit);
    }
    return this.sources.get(projectId, connectionId);
  }
}
