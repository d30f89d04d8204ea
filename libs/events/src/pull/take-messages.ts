import { Inject, Injectable } from '@nestjs/common';
import { SqsGateway } from '#libs/aws';
import type { BrokeredSession } from '#libs/connections';
import { StoreEvents } from '../intake/store-events.js';
import { readMessage } from './read-message.js';

/** The queue of a connection, and with what it is read. */
export interface OpenQueue {
  connectionId: string;
  url: string;
  session: BrokeredSession;
}

/** Takes some messages of a queue in. Stored first, then deleted: what is lost in between comes again. */
@Injectable()
export class TakeMessages {
  constructor(
    @Inject(SqsGateway) private readonly sqs: SqsGateway,
    @Inject(StoreEvents) private readonly store: StoreEvents,
  ) {}

  /** @param waitSeconds 0-20: how long to wait for the first one @returns how many, up to ten @throws AwsFailure */
  async execute(
    { connectionId, url, session }: OpenQueue,
    waitSeconds: number,
    stopping: AbortSignal,
  ): Promise<number> {
    const messages = await this.sqs.receive(session, url, waitSeconds, stopping);
    const records = messages.flatMap(({ messageId, body }) => readMessage(messageId, body) ?? []);
    await this.store.execute(records.map((record) => ({ connectionId, ...record })));
    await this.sqs.deleteBatch(session, url, messages);
    return messages.length;
  }
}
