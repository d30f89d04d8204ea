import { Body, Controller, Headers, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { TakeEventBridgeEvent, TakeSnsMessage } from '#libs/events';
import { Allow } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { eventBridgeBodySchema, snsBodySchema, takenSchema, tokenSchema } from './feedback-intake.schemas.js';

/** Where AWS posts events. Called by nobody else: the URL is a connection's own secret, and every message is verified. */
@ApiTags('Feedback intake')
@Allow('public')
@Controller('feedback')
export class FeedbackIntakeController {
  constructor(
    @Inject(TakeSnsMessage) private readonly takeSnsMessage: TakeSnsMessage,
    @Inject(TakeEventBridgeEvent) private readonly takeEventBridgeEvent: TakeEventBridgeEvent,
  ) {}

  /** A message of Amazon SNS. */
  @Post('sns/:token')
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string' } })
  @Answers(200, takenSchema)
  async sns(
    @Param('token', { schema: tokenSchema }) token: string,
    @Headers('x-amz-sns-rawdelivery') raw: string | undefined,
    @Body({ schema: snsBodySchema }) body: z.infer<typeof snsBodySchema>,
  ) {
    return {
      object: 'feedback',
      taken: await this.takeSnsMessage.execute({ token, body, isRaw: raw === 'true' }),
    };
  }

  /** An event of Amazon EventBridge, by an API destination with the header `x-sesame-secret`. */
  @Post('eventbridge/:token')
  @Answers(200, takenSchema)
  async eventBridge(
    @Param('token', { schema: tokenSchema }) token: string,
    @Headers('x-sesame-secret') secret: string | undefined,
    @Body({ schema: eventBridgeBodySchema }) body: z.infer<typeof eventBridgeBodySchema>,
  ) {
    return { object: 'feedback', taken: await this.takeEventBridgeEvent.execute(token, secret, body) };
  }
}
