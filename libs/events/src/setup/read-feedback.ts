import { Inject, Injectable } from '@nestjs/common';
import { FeedbackEndpoint } from './feedback-endpoint.js';
import type { FeedbackSource } from './feedback-source.js';
import { FeedbackRepository } from './feedback.repository.js';
import { presentFeedback, type FeedbackObject } from './present-feedback.js';

/** How a connection's events come to us, and what is wrong with it. */
@Injectable()
export class ReadFeedback {
  constructor(
    @Inject(FeedbackRepository) private readonly sources: FeedbackRepository,
    @Inject(FeedbackEndpoint) private readonly endpoint: FeedbackEndpoint,
  ) {}

  /** @throws AppError `feedback.not_found` */
  async execute(projectId: string, connectionId: string): Promise<FeedbackObject> {
    return this.present(await this.sources.get(projectId, connectionId));
  }

  present(source: FeedbackSource): FeedbackObject {
    return presentFeedback(source, this.endpoint.urlOf(source));
  }
}
