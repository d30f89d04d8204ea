import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { IntakeModule } from '../intake/intake.module.js';
import { ExplainPull } from '../pull/explain-pull.js';
import { FinalPull } from '../pull/final-pull.js';
import { PullFeedback } from '../pull/pull-feedback.js';
import { SystemPullsRepository } from '../pull/system-pulls.repository.js';
import { TakeMessages } from '../pull/take-messages.js';
import { FeedbackEndpoint } from './feedback-endpoint.js';
import { ExplainStep } from './follow/explain-step.js';
import { FollowFeedback } from './follow/follow-feedback.js';
import { ProvePath } from './follow/prove-path.js';
import { TakeStep } from './follow/take-step.js';
import { UndoSteps } from './follow/undo-steps.js';
import { WakeFeedback } from './follow/wake-feedback.js';
import { ProofsModule } from './proofs.module.js';

/** Setting feedback up in AWS and reading queues: what the worker needs. */
@Module({
  imports: [ConnectionsModule, IntakeModule, ProofsModule],
  providers: [
    ExplainPull,
    ExplainStep,
    FeedbackEndpoint,
    FinalPull,
    FollowFeedback,
    ProvePath,
    PullFeedback,
    SystemPullsRepository,
    TakeMessages,
    TakeStep,
    UndoSteps,
    WakeFeedback,
  ],
  exports: [FollowFeedback, PullFeedback, WakeFeedback],
})
export class FollowFeedbackModule {}
