import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { beingRemoved } from './feedback-errors.js';
import type { FeedbackSource } from './feedback-source.js';
import { FeedbackRepository } from './feedback.repository.js';
import { FollowFeedbackSoon } from './follow-soon.js';

export interface FeedbackChanges {
  opens?: boolean | undefined;
  clicks?: boolean | undefined;
  /** Null: links show SES's own host again. */
  redirectDomain?: string | null | undefined;
}

/** Changes what SES tracks; a worker brings it to AWS. */
@Injectable()
export class ChangeFeedback {
  constructor(
    @Inject(FeedbackRepository) private readonly sources: FeedbackRepository,
    @Inject(FollowFeedbackSoon) private readonly soon: FollowFeedbackSoon,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `feedback.not_found`, `feedback.being_removed` */
  async execute(
    projectId: string,
    connectionId: string,
    changes: FeedbackChanges,
    actor: string,
  ): Promise<FeedbackSource> {
    const { status, tracking } = await this.sources.get(projectId, connectionId);
    if (status === 'removing') throw beingRemoved();
    const wanted = {
      opens: changes.opens ?? tracking.opens,
      clicks: changes.clicks ?? tracking.clicks,
      redirectDomain: changes.redirectDomain === undefined ? tracking.redirectDomain : changes.redirectDomain,
    };
    const audit = { actor, action: 'feedback.changed', at: this.clock.now() };
    await this.sources.changeTracking(projectId, connectionId, wanted, audit);
    await this.soon.execute('feedback.follow', connectionId);
    return this.sources.get(projectId, connectionId);
  }
}
