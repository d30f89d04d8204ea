import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { sha256 } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { Logger } from '#libs/telemetry';
import { FindSource } from './find-source.js';
import { StoreEvents } from './store-events.js';
import type { TakenAs } from './take-sns-message.js';

/** EventBridge's envelope; `detail` is the record of SES. */
const envelopeSchema = z.looseObject({
  id: z.string().min(1).max(100),
  source: z.string(),
  account: z.string(),
  detail: z.looseObject({}),
});

/** Takes what an API destination of EventBridge posts. Its secret is all there is to verify, so it is asked before the body. */
@Injectable()
export class TakeEventBridgeEvent {
  constructor(
    @Inject(FindSource) private readonly findSource: FindSource,
    @Inject(StoreEvents) private readonly storeEvents: StoreEvents,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @throws AppError not_found, eventbridge.* */
  async execute(token: string, secret: string | undefined, body: unknown): Promise<TakenAs> {
    const source = await this.findSource.execute(token, 'eventbridge');
    const { connectionId, secretHash, awsAccountId } = source;
    if (secretHash === null || secret === undefined || !timingSafeEqual(sha256(secret), secretHash))
      throw this.refused(
        connectionId,
        'eventbridge.bad_secret',
        'The secret of the API destination is not right.',
      );
    const envelope = envelopeSchema.safeParse(body);
    if (!envelope.success)
      throw new AppError({
        code: 'eventbridge.malformed',
        kind: 'malformed',
        message: 'The body is not an event of EventBridge.',
      });
    const { id, source: from, account, detail } = envelope.data;
    if (from !== 'aws.ses' || account !== awsAccountId)
      throw this.refused(
        connectionId,
        'eventbridge.foreign',
        'The event is not of SES in the account of this connection.',
      );
    const isNew = await this.storeEvents.execute([
      { connectionId, transportId: id, body: JSON.stringify(detail) },
    ]);
    return isNew > 0 ? 'stored' : 'known';
  }

  /** 403: on 401 EventBridge would take its connection for broken and send nothing more. */
  private refused(connectionId: string, code: string, message: string): AppError {
    this.logger.warn('eventbridge.refused', { connectionId, code });
    return new AppError({ code, kind: 'forbidden', message });
  }
}
