import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { Logger } from '#libs/telemetry';
import { FindSource } from './find-source.js';
import { parseSnsMessage, type SnsMessage } from './sns/sns-message.js';
import { VerifySnsMessage } from './sns/verify-sns-message.js';
import { StoreEvents } from './store-events.js';
import { SystemSourcesRepository, type FeedbackSource } from './system-sources.repository.js';

export interface SnsDelivery {
  /** Of the URL. */
  token: string;
  /** Text, or JSON that was parsed already. */
  body: unknown;
  /** The header x-amz-sns-rawdelivery. */
  isRaw: boolean;
}

/** `stored` now, `known` from before, `confirming` a subscription, or of no interest. */
export type TakenAs = 'stored' | 'known' | 'confirming' | 'unsubscribed' | 'ignored';

/**
 * Takes what SNS posts: verified, stored, answered; a fold does the rest. What it refuses SNS does not send again (4xx), so only what is
 * meant to be refused is; what cannot be done at the moment is sent again (5xx).
 */
@Injectable()
export class TakeSnsMessage {
  constructor(
    @Inject(FindSource) private readonly findSource: FindSource,
    @Inject(VerifySnsMessage) private readonly verify: VerifySnsMessage,
    @Inject(StoreEvents) private readonly storeEvents: StoreEvents,
    @Inject(SystemSourcesRepository) private readonly sources: SystemSourcesRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @throws AppError not_found, sns.* */
  async execute({ token, body, isRaw }: SnsDelivery): Promise<TakenAs> {
    const source = await this.findSource.execute(token, 'sns');
    try {
      if (isRaw) throw rawDelivery();
      const message = parseSnsMessage(body);
      await this.verify.execute(message, source.topicArn, source.isV2Expected);
      if (message.SignatureVersion === '2' && !source.isV2Expected)
        await this.expectV2(token, source, message);
      return await this.take(source, message);
    } catch (error) {
      if (error instanceof AppError)
        this.logger.warn('sns.refused', { connectionId: source.connectionId, code: error.code });
      throw error;
    }
  }

  /** A topic that a customer made has once signed with version 2: that is how it is set, so SHA-1 can only be a forgery from here on. */
  private async expectV2(
    token: string,
    { connectionId }: FeedbackSource,
    { TopicArn }: SnsMessage,
  ): Promise<void> {
    await this.sources.expectV2(connectionId, TopicArn, this.clock.now());
    this.findSource.forget(token);
  }

  private async take({ connectionId }: FeedbackSource, message: SnsMessage): Promise<TakenAs> {
    switch (message.Type) {
      case 'Notification': {
        // Plain text: SES says that it may publish to the topic.
        if (!message.Message.trimStart().startsWith('{')) return 'ignored';
        const item = { connectionId, transportId: message.MessageId, body: message.Message };
        return (await this.storeEvents.execute([item])) > 0 ? 'stored' : 'known';
      }
      case 'SubscriptionConfirmation': {
        // SubscribeURL is never fetched: the worker confirms by the API, with the token.
        const isWaited = await this.sources.keepConfirmation(connectionId, message.TopicArn, message.Token);
        this.logger.info('sns.subscription_confirmation', { connectionId, isWaited });
        return isWaited ? 'confirming' : 'ignored';
      }
      case 'UnsubscribeConfirmation':
        this.logger.warn('sns.unsubscribed', { connectionId });
        await this.sources.markBroken(connectionId, {
          name: 'subscription',
          outcome: 'failed',
          side: 'customer',
          detail: 'The subscription of this URL to the topic was ended, so no events come any more.',
          remedy: 'Set the feedback of the connection up again.',
          paste: null,
          checked_at: this.clock.now().toISOString(),
        });
        return 'unsubscribed';
    }
  }
}

function rawDelivery(): AppError {
  return new AppError({
    code: 'sns.raw_delivery',
    kind: 'forbidden',
    message: 'Raw message delivery is on: without its envelope a message cannot be verified.',
    remedy: 'Set the attribute RawMessageDelivery of the subscription to false.',
  });
}
