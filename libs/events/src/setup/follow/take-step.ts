import { Inject, Injectable } from '@nestjs/common';
import {
  AwsFailure,
  ConfigurationSets,
  EventBridgeGateway,
  SnsGateway,
  SqsGateway,
  type AwsSession,
} from '#libs/aws';
import {
  deadLetterAttributes,
  endpointAttributes,
  endpointProtocol,
  feedbackSecretHeader,
  queueAttributes,
  queuePolicy,
  rulePattern,
  topicPolicy,
  type FeedbackArns,
  type FeedbackNames,
  type PolicyScope,
} from '#libs/connections';
import { FeedbackEndpoint } from '../feedback-endpoint.js';
import type { FeedbackSource, StepName } from '../feedback-source.js';
import { eventTypes } from './event-types.js';
import { needsCustomer, passed, waiting, type Progress, type StepResult } from './step-result.js';
import { targetRoleMissing } from './target-role-remedy.js';

export interface StepContext {
  source: FeedbackSource;
  scope: PolicyScope;
  names: FeedbackNames;
  arns: FeedbackArns;
  progress: Progress;
}

export type AwsStepName = Exclude<StepName, 'path_proven'>;

/** One step of a set-up in the customer's account. Each may be repeated, and finds what an earlier try made. */
@Injectable()
export class TakeStep {
  constructor(
    @Inject(ConfigurationSets) private readonly sets: ConfigurationSets,
    @Inject(SnsGateway) private readonly sns: SnsGateway,
    @Inject(SqsGateway) private readonly sqs: SqsGateway,
    @Inject(EventBridgeGateway) private readonly events: EventBridgeGateway,
    @Inject(FeedbackEndpoint) private readonly endpoint: FeedbackEndpoint,
  ) {}

  /** @param session of the purpose that `purposeOf` names @throws AwsFailure, AppError */
  async execute(name: AwsStepName, context: StepContext, session: AwsSession): Promise<StepResult> {
    switch (name) {
      case 'configuration_set':
        return this.configurationSet(context, session);
      case 'topic':
        return this.topic(context, session);
      case 'queue':
        return context.source.isManaged ? this.queues(context, session) : this.findQueue(context, session);
      case 'rule':
        return this.rule(context, session);
      case 'subscription':
        return context.source.mode === 'pull'
          ? this.subscribeQueue(context, session)
          : this.subscribeEndpoint(context, session);
      case 'event_destination':
        return this.eventDestination(context, session);
    }
  }

  private async configurationSet({ names }: StepContext, session: AwsSession): Promise<StepResult> {
    await this.sets.create(session, names.base);
    return passed(`Configuration set ${names.base}.`);
  }

  private async topic({ names, arns, scope }: StepContext, session: AwsSession): Promise<StepResult> {
    const topicArn = await this.sns.createTopic(session, names.base);
    await this.sns.setTopicAttributes(session, topicArn, {
      // Before the event destination: SES is refused without it.
      Policy: JSON.stringify(topicPolicy(scope, arns)),
      SignatureVersion: '2',
    });
    return passed(`Topic ${topicArn}; Amazon SES may publish to it for this configuration set only.`);
  }

  /** The dead-letter queue comes first: the other one names it. */
  private async queues(context: StepContext, session: AwsSession): Promise<StepResult> {
    const { names, arns, progress, source } = context;
    const isPull = source.mode === 'pull';
    progress.deadLetterUrl = await this.sqs.putQueue(session, names.deadLetter, {
      ...deadLetterAttributes,
      // SNS itself puts there what an endpoint did not take.
      ...(!isPull && { Policy: JSON.stringify(queuePolicy(arns.deadLetter, arns)) }),
    });
    if (!isPull) return passed(`Queue ${names.deadLetter} keeps what the endpoint does not take.`);
    progress.queueUrl = await this.sqs.putQueue(session, names.base, queueAttributes(arns));
    return passed(`Queue ${names.base} with dead-letter queue ${names.deadLetter}.`);
  }

  private async findQueue(
    { names, progress, source }: StepContext,
    session: AwsSession,
  ): Promise<StepResult> {
    const name = source.queueUrl?.split('/').pop() ?? names.base;
    const url = await this.sqs.findQueue(session, name);
    if (url === undefined)
      return needsCustomer(
        `There is no queue ${name} in ${source.region}.`,
        'Apply the kit: GET /v1/connections/{id}/kit?purpose=events&feedback=pull.',
      );
    progress.queueUrl = url;
    progress.deadLetterUrl = (await this.sqs.findQueue(session, names.deadLetter)) ?? null;
    return passed(`Queue ${name}.`);
  }

  private async subscribeQueue({ arns, progress }: StepContext, session: AwsSession): Promise<StepResult> {
    const found = await this.sns.subscribe(session, arns.topic, {
      protocol: 'sqs',
      endpoint: arns.queue,
      // The envelope would only make messages bigger: who may send to the queue is its policy's matter.
      attributes: { RawMessageDelivery: 'false' },
    });
    progress.subscriptionArn = found ?? null;
    return found === undefined
      ? waiting('aws', 'SNS has not confirmed the subscription of the queue yet.')
      : passed('The queue receives what is published to the topic.');
  }

  private async subscribeEndpoint(context: StepContext, session: AwsSession): Promise<StepResult> {
    const { source, progress, arns, names } = context;
    const topicArn = source.topicArn ?? arns.topic;
    // With the kit the customer makes the queue that keeps what the endpoint does not take; a topic of his own may have none.
    if (!source.isManaged)
      progress.deadLetterUrl = (await this.sqs.findQueue(session, names.deadLetter)) ?? null;
    if (source.confirmationToken !== null) {
      progress.usedToken = source.confirmationToken;
      progress.subscriptionArn = await this.sns.confirmSubscription(
        session,
        topicArn,
        source.confirmationToken,
      );
      return passed('The endpoint is subscribed and confirmed.');
    }
    const url = this.endpoint.urlOf(source) ?? '';
    if (!source.isManaged)
      return source.subscriptionArn === null
        ? waiting(
            'customer',
            `Waiting for SNS to ask for confirmation: subscribe ${url} to ${topicArn} (protocol https).`,
            30_000,
          )
        : passed('The endpoint is subscribed and confirmed.');
    const found = await this.sns.subscribe(session, topicArn, {
      protocol: endpointProtocol(url),
      endpoint: url,
      attributes: endpointAttributes(arns),
    });
    if (found === undefined)
      return waiting('aws', 'Waiting for SNS to reach the endpoint and ask for confirmation.', 15_000);
    progress.subscriptionArn = found;
    return passed('The endpoint is subscribed and confirmed.');
  }

  private async rule(context: StepContext, session: AwsSession): Promise<StepResult> {
    const { names, arns, source } = context;
    const connectionArn = await this.events.putConnection(session, {
      name: names.base,
      header: feedbackSecretHeader,
      value: this.endpoint.secretOf(source) ?? '',
    });
    const destinationArn = await this.events.putApiDestination(session, {
      name: names.base,
      connectionArn,
      endpoint: this.endpoint.urlOf(source) ?? '',
    });
    try {
      await this.events.putRule(session, {
        name: names.base,
        pattern: rulePattern(names),
        target: { id: names.destination, arn: destinationArn, roleArn: arns.targetRole },
      });
    } catch (error) {
      const isRole =
        error instanceof AwsFailure && error.code === 'ValidationException' && /assume/i.test(error.message);
      if (!isRole) throw error;
      return targetRoleMissing(names, arns);
    }
    return passed(`Rule ${names.base} posts the events of this configuration set to the endpoint.`);
  }

  private async eventDestination(context: StepContext, session: AwsSession): Promise<StepResult> {
    const { names, arns, source } = context;
    const types = eventTypes(source.tracking);
    await this.sets.putEventDestination(
      session,
      names.base,
      names.destination,
      types,
      source.mode === 'eventbridge' ? { eventBusArn: arns.eventBus } : { topicArn: arns.topic },
    );
    const { redirectDomain, opens, clicks } = source.tracking;
    // Without tracking there are no links to redirect, and nothing to reset as long as nothing was ever set.
    if (opens || clicks || redirectDomain !== null)
      await this.sets.setRedirectDomain(session, names.base, redirectDomain);
    return passed(`Amazon SES publishes ${types.join(', ')}.`);
  }
}
