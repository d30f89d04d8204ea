import { Module } from '@nestjs/common';
import { FollowFeedbackSoon } from './follow-soon.js';
import { NoticeProofs } from './notice-proofs.js';
import { SystemFeedbackRepository } from './system-feedback.repository.js';

/** What the intake needs of the set-up. */
@Module({
  providers: [FollowFeedbackSoon, NoticeProofs, SystemFeedbackRepository],
  exports: [FollowFeedbackSoon, NoticeProofs, SystemFeedbackRepository],
})
export class ProofsModule {}
