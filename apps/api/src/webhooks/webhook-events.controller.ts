import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { showMessageId, WebhookEvents, type WebhookEventRecord } from '#libs/webhooks';
import { Allow, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import {
  attemptListSchema,
  attemptPageSchema,
  changedEventSchema,
  eventPageSchema,
  replayedSchema,
  replaySchema,
  webhookEventListSchema,
  webhookEventSchema,
} from './webhook.schemas.js';

const uuid = z.uuid();
/** `msg_…`; what is none is not found. */
const eventId = z.string();

/** What an endpoint got, and sending it again. */
@ApiTags('Webhooks')
@ApiBearerAuth()
@Allow('project')
@Controller('webhooks/:id')
export class WebhookEventsController {
  constructor(@Inject(WebhookEvents) private readonly events: WebhookEvents) {}

  @Get('events')
  @Answers(200, webhookEventListSchema)
  async list(
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Query({ schema: eventPageSchema }) { limit, after, status }: z.infer<typeof eventPageSchema>,
  ) {
    const { hasMore, events } = await this.events.list(projectId, id, { limit, after, status });
    return { object: 'list', has_more: hasMore, data: events.map(present) };
  }

  @Get('events/:eventId')
  @Answers(200, webhookEventSchema)
  async get(
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Param('eventId', { schema: eventId }) shownId: string,
  ) {
    const event = await this.events.get(projectId, id, shownId);
    return {
      object: 'webhook_event',
      ...present(event),
      next_attempt_at: event.nextAttemptAt?.toISOString() ?? null,
      payload: event.payload,
    };
  }

  @Post('events/:eventId/replay')
  @Answers(200, changedEventSchema)
  async replay(
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Param('eventId', { schema: eventId }) shownId: string,
  ) {
    await this.events.replay(projectId, id, shownId);
    return { object: 'webhook_event', id: shownId };
  }

  @Get('events/:eventId/attempts')
  @Answers(200, attemptListSchema)
  async attempts(
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Param('eventId', { schema: eventId }) shownId: string,
    @Query({ schema: attemptPageSchema }) { limit, after }: z.infer<typeof attemptPageSchema>,
  ) {
    const { hasMore, attempts } = await this.events.attempts(projectId, id, shownId, { limit, after });
    return {
      object: 'list',
      has_more: hasMore,
      data: attempts.map((attempt) => ({
        id: attempt.id,
        http_status_code: attempt.statusCode,
        response: attempt.response,
        error: attempt.error,
        duration_ms: attempt.durationMs,
        sent_at: attempt.sentAt.toISOString(),
      })),
    };
  }

  /** Sends what happened in a time again: what failed, or everything. */
  @Post('replay')
  @Answers(200, replayedSchema)
  async replayRange(
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: replaySchema }) body: z.infer<typeof replaySchema>,
  ) {
    const { count, nextSince } = await this.events.replayRange(projectId, id, {
      since: new Date(body.since),
      until: body.until == null ? undefined : new Date(body.until),
      status: body.status ?? 'failed',
    });
    return {
      object: 'webhook_replay',
      webhook_id: id,
      count,
      has_more: nextSince !== undefined,
      next_since: nextSince?.toISOString() ?? null,
    };
  }

  /** Sends `webhook.test` to this endpoint, whatever it subscribes to. */
  @Post('test')
  @Answers(200, changedEventSchema)
  async test(@ProjectId() projectId: string, @Param('id', { schema: uuid }) id: string) {
    return { object: 'webhook_event', id: showMessageId(await this.events.test(projectId, id)) };
  }
}

function present(event: WebhookEventRecord) {
  return {
    id: showMessageId(event.messageId),
    type: event.type,
    created_at: event.at.toISOString(),
    status: event.status,
  };
}
