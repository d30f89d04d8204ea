import { Inject, Injectable } from '@nestjs/common';
import type { FeedbackGrant, FeedbackWay } from '#libs/connections';
import { FeedbackEndpoint } from './feedback-endpoint.js';
import { notBegun, otherMode } from './feedback-errors.js';
import type { FeedbackMode } from './feedback-source.js';
import { FeedbackRepository } from './feedback.repository.js';
import { grantOf } from './follow/explain-step.js';

/** What the kit of a connection has to ask for, or to make, so that its events come to us. */
@Injectable()
export class ReadFeedbackWay {
  constructor(
    @Inject(FeedbackRepository) private readonly sources: FeedbackRepository,
    @Inject(FeedbackEndpoint) private readonly endpoint: FeedbackEndpoint,
  ) {}

  /**
   * @param mode what the kit shall make; undefined: nothing, and the rights are those that the present set-up needs
   * @throws AppError `feedback.not_begun`: our address is made with the set-up; `feedback.already_set_up`
   */
  async execute(
    projectId: string,
    connectionId: string,
    mode: FeedbackMode | undefined,
  ): Promise<{ feedback?: FeedbackGrant; way?: FeedbackWay }> {
    const source = await this.sources.find(projectId, connectionId);
    if (mode === undefined) return source === undefined ? {} : { feedback: grantOf(source) };
    if (source !== undefined && source.mode !== mode) throw otherMode(source.mode);
    if (mode === 'pull') return { way: { mode, endpointUrl: null, secret: null } };
    if (source === undefined) throw notBegun(mode);
    return {
      way: { mode, endpointUrl: this.endpoint.urlOf(source), secret: this.endpoint.secretOf(source) },
    };
  }
}
