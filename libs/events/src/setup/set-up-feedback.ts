import { Inject, Injectable } from '@nestjs/common';
import { feedbackArns, feedbackNames, provenStatuses, ReadConnections, scopeOf } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { FeedbackEndpoint } from './feedback-endpoint.js';
import { beingRemoved, notReady, otherMode } from './feedback-errors.js';
import type { FeedbackMode, FeedbackSource } from './feedback-source.js';
import { FeedbackRepository, type NewFeedbackSource } from './feedback.repository.js';
import { FollowFeedbackSoon } from './follow-soon.js';
import { checkManual, type ManualResources } from './manual-resources.js';

export interface SetUpFeedbackInput {
  mode: FeedbackMode;
  /** Given: the customer made topic or queue with the kit, and we make nothing. */
  manual?: ManualResources | undefined;
  /** `key:<id>` … */
  actor: string;
}

/**
 * Begins the set-up of a connection's feedback, or takes its steps again; a worker does them. What was asked for a second time is the same
 * source, with the same public address.
 */
@Injectable()
export class SetUpFeedback {
  constructor(
    @Inject(FeedbackRepository) private readonly sources: FeedbackRepository,
    @Inject(ReadConnections) private readonly connections: ReadConnections,
    @Inject(FeedbackEndpoint) private readonly endpoint: FeedbackEndpoint,
    @Inject(FollowFeedbackSoon) private readonly soon: FollowFeedbackSoon,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError `connection.not_found`, `feedback.connection_not_ready`, `feedback.no_public_url`, `feedback.already_set_up`,
   *   `feedback.being_removed`, `feedback.foreign_resource`
   */
  async execute(projectId: string, connectionId: string, input: SetUpFeedbackInput): Promise<FeedbackSource> {
    const { connection } = await this.connections.get(projectId, connectionId);
    const existing = await this.sources.find(projectId, connectionId);
    const audit = { actor: input.actor, action: 'feedback.set_up', at: this.clock.now() };
    if (existing === undefined) {
      if (!provenStatuses.includes(connection.status)) throw notReady(connection.status);
      const scope = scopeOf(connection);
      checkManual(input.mode, input.manual ?? {}, scope);
      const arns = feedbackArns(scope, feedbackNames(connectionId));
      const source: NewFeedbackSource = {
        connectionId,
        mode: input.mode,
        isManaged: input.manual === undefined,
        region: connection.region,
        configurationSet: input.manual?.configurationSet ?? feedbackNames(connectionId).base,
        topicArn: input.mode === 'eventbridge' ? null : (input.manual?.topicArn ?? arns.topic),
        queueUrl: input.manual?.queueUrl ?? null,
        ...this.endpoint.newKeys(connectionId, input.mode),
      };
      await this.sources.insert(projectId, source, audit);
    } else {
      if (existing.status === 'removing') throw beingRemoved();
      if (existing.mode !== input.mode || existing.isManaged !== (input.manual === undefined))
        throw otherMode(existing.mode);
      await this.sources.restart(projectId, connectionId, audit);
    }
    await this.soon.execute('feedback.follow', connectionId);
    return this.sources.get(projectId, connectionId);
  }
}
