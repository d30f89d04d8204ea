import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { EndConnection } from '../pull/end-connection.js';
import { PullRequestsRepository } from '../pull/pull-requests.repository.js';
import { ChangeFeedback } from './change-feedback.js';
import { FeedbackEndpoint } from './feedback-endpoint.js';
import { FeedbackRepository } from './feedback.repository.js';
import { FollowFeedbackSoon } from './follow-soon.js';
import { ReadFeedback } from './read-feedback.js';
import { ReadFeedbackWay } from './read-feedback-way.js';
import { RemoveFeedback } from './remove-feedback.js';
import { SetUpFeedback } from './set-up-feedback.js';

const useCases = [
  SetUpFeedback,
  ReadFeedback,
  ReadFeedbackWay,
  ChangeFeedback,
  RemoveFeedback,
  EndConnection,
];

/** Managing feedback: what the API needs. */
@Module({
  imports: [ConnectionsModule],
  providers: [...useCases, FeedbackEndpoint, FeedbackRepository, FollowFeedbackSoon, PullRequestsRepository],
  exports: [...useCases, FeedbackEndpoint],
})
export class FeedbackModule {}
