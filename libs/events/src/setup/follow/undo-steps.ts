import { Inject, Injectable } from '@nestjs/common';
import { ConfigurationSets, EventBridgeGateway, SnsGateway, SqsGateway } from '#libs/aws';
import { SessionBroker, type BrokeredSession } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { FinalPull } from '../../pull/final-pull.js';
import type { FeedbackSource, FeedbackStep, StepName } from '../feedback-source.js';
import { stepOrder } from '../step-order.js';
import type { FollowedSource } from '../system-feedback.repository.js';
import { ExplainStep } from './explain-step.js';
import { purposeOf } from './purpose-of.js';
import { toStep } from './step-result.js';
import type { StepContext } from './take-step.js';

/** Takes in what is left in the queue, then takes back what the set-up made, in reverse; what is gone already is no error. */
@Injectable()
export class UndoSteps {
  constructor(
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(ConfigurationSets) private readonly sets: ConfigurationSets,
    @Inject(SnsGateway) private readonly sns: SnsGateway,
    @Inject(SqsGateway) private readonly sqs: SqsGateway,
    @Inject(EventBridgeGateway) private readonly events: EventBridgeGateway,
    @Inject(FinalPull) private readonly finalPull: FinalPull,
    @Inject(ExplainStep) private readonly explain: ExplainStep,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @returns the steps that are left, empty when all is gone */
  async execute(source: FollowedSource, context: StepContext): Promise<FeedbackStep[]> {
    const outstanding = await this.finalPull.execute(source);
    const order = stepOrder(source);
    if (outstanding !== undefined)
      return [toStep(order.includes('queue') ? 'queue' : 'subscription', outstanding, this.clock.now())];
    // With the kit the customer made it, and whoever made it takes it away.
    if (!source.isManaged) return [];
    const left: FeedbackStep[] = [];
    for (const name of order.toReversed()) {
      const purpose = purposeOf(name);
      let session: BrokeredSession | undefined;
      try {
        session = await this.broker.for(source.connectionId, purpose);
        await this.undo(name, source, context, session);
      } catch (error) {
        const result = await this.explain.execute(source, purpose, session, error);
        left.push(toStep(name, result, this.clock.now()));
      }
    }
    return left;
  }

  private async undo(
    name: StepName,
    source: FeedbackSource,
    { names, arns }: StepContext,
    session: BrokeredSession,
  ): Promise<void> {
    switch (name) {
      case 'configuration_set':
        // Its event destination goes with it.
        await this.sets.delete(session, names.base);
        return;
      case 'topic':
        // Its subscriptions go with it.
        return this.sns.deleteTopic(session, source.topicArn ?? arns.topic);
      case 'queue':
        for (const queue of source.mode === 'pull' ? [names.base, names.deadLetter] : [names.deadLetter]) {
          const url = await this.sqs.findQueue(session, queue);
          if (url !== undefined) await this.sqs.deleteQueue(session, url);
        }
        return;
      case 'rule':
        return this.events.deleteAll(session, names.base, names.destination);
      case 'subscription':
      case 'event_destination':
      case 'path_proven':
        return;
    }
  }
}
