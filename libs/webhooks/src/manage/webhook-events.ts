import { Inject, Injectable } from '@nestjs/common';
import { Clock, newId, timeOfId } from '#libs/crypto';
import { AppError, notFound } from '#libs/errors';
import { readMessageId } from '../message-id.js';
import { PublishEvents } from '../publish/publish-events.js';
import {
  WebhookEventsRepository,
  type WebhookAttemptRecord,
  type WebhookEventRecord,
} from './webhook-events.repository.js';
import { WebhooksRepository, type WebhookRecord } from './webhooks.repository.js';

/** Deliveries that one call makes due again; more would hold their rows for long. */
const MAX_REPLAYED = 10_000;

export interface ReplayRange {
  since: Date;
  until: Date | undefined;
  status: 'failed' | 'all';
}

/** What an endpoint got: reading it, and sending it again. */
@Injectable()
export class WebhookEvents {
  constructor(
    @Inject(WebhooksRepository) private readonly webhooks: WebhooksRepository,
    @Inject(WebhookEventsRepository) private readonly events: WebhookEventsRepository,
    @Inject(PublishEvents) private readonly publish: PublishEvents,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Newest first. @param page `after` is an id as shown (`msg_…`) @throws AppError not_found, or naming `after` */
  async list(
    projectId: string,
    webhookId: string,
    page: { limit: number; after: string | undefined; status: string | undefined },
  ): Promise<{ hasMore: boolean; events: WebhookEventRecord[] }> {
    await this.endpoint(projectId, webhookId);
    const after = page.after === undefined ? undefined : readMessageId(page.after);
    if (page.after !== undefined && after === undefined) throw unknownCursor('an event');
    const rows = await this.events.list(projectId, webhookId, { ...page, after });
    return { hasMore: rows.length > page.limit, events: rows.slice(0, page.limit) };
  }

  /** @param shownId `msg_…` @throws AppError not_found */
  async get(
    projectId: string,
    webhookId: string,
    shownId: string,
  ): Promise<WebhookEventRecord & { payload: unknown }> {
    await this.endpoint(projectId, webhookId);
    const event = await this.find(projectId, webhookId, shownId);
    return { ...event, payload: JSON.parse(event.payload) as unknown };
  }

  /** Newest first. @throws AppError not_found */
  async attempts(
    projectId: string,
    webhookId: string,
    shownId: string,
    page: { limit: number; after: string | undefined },
  ): Promise<{ hasMore: boolean; attempts: WebhookAttemptRecord[] }> {
    await this.endpoint(projectId, webhookId);
    const { messageId } = await this.find(projectId, webhookId, shownId);
    const rows = await this.events.attempts(projectId, webhookId, messageId, page);
    return { hasMore: rows.length > page.limit, attempts: rows.slice(0, page.limit) };
  }

  /** Sends one event again, with the same id and the same bytes. @throws AppError not_found, or when the endpoint is disabled */
  async replay(projectId: string, webhookId: string, shownId: string): Promise<void> {
    assertEnabled(await this.endpoint(projectId, webhookId));
    const { messageId } = await this.find(projectId, webhookId, shownId);
    await this.events.replay(projectId, webhookId, messageId);
    this.publish.wake([webhookId]);
  }

  /**
   * Sends what happened in a time again: what failed, or everything that is done.
   *
   * @returns how many, and from when to go on when there were more than one call takes
   */
  async replayRange(
    projectId: string,
    webhookId: string,
    { since, until, status }: ReplayRange,
  ): Promise<{ count: number; nextSince: Date | undefined }> {
    assertEnabled(await this.endpoint(projectId, webhookId));
    const now = this.clock.now();
    if (since >= (until ?? now)) throw emptyRange();
    const ids = await this.events.replayRange(projectId, webhookId, {
      since,
      // Up to now, with what this very millisecond holds.
      until: until ?? new Date(now.getTime() + 1),
      statuses: status === 'failed' ? ['failed'] : ['failed', 'success'],
      limit: MAX_REPLAYED,
    });
    this.publish.wake([webhookId]);
    const last = ids.length < MAX_REPLAYED ? undefined : ids.at(-1);
    return { count: ids.length, nextSince: last === undefined ? undefined : timeOfId(last) };
  }

  /** Sends `webhook.test` to this endpoint. @returns the message's id @throws AppError not_found, or when it is disabled */
  async test(projectId: string, webhookId: string): Promise<string> {
    assertEnabled(await this.endpoint(projectId, webhookId));
    const id = newId();
    const at = this.clock.now();
    const type = 'webhook.test';
    const data = { webhook_id: webhookId, message: 'This endpoint receives events.' };
    const payload = JSON.stringify({ type, created_at: at.toISOString(), data });
    await this.events.storeFor(projectId, webhookId, { id, type, at, payload });
    this.publish.wake([webhookId]);
    return id;
  }

  private async endpoint(projectId: string, webhookId: string): Promise<WebhookRecord> {
    const webhook = await this.webhooks.find(projectId, webhookId);
    if (webhook === undefined) throw notFound('Webhook');
    return webhook;
  }

  private async find(
    projectId: string,
    webhookId: string,
    shownId: string,
  ): Promise<WebhookEventRecord & { payload: string }> {
    const messageId = readMessageId(shownId);
    const event =
      messageId === undefined ? undefined : await this.events.find(projectId, webhookId, messageId);
    if (event === undefined) throw notFound('Webhook event');
    return event;
  }
}

function assertEnabled({ status }: WebhookRecord): void {
  if (status === 'enabled') return;
  throw new AppError({
    code: 'webhook.disabled',
    kind: 'invalid',
    message: 'This webhook is disabled and gets no events.',
    remedy: 'Enable it first: PATCH /webhooks/{id} with {"status":"enabled"}.',
  });
}

function unknownCursor(what: string): AppError {
  return new AppError({
    code: 'webhook.unknown_cursor',
    kind: 'invalid',
    field: 'after',
    message: `The \`after\` cursor is not ${what} of this webhook.`,
  });
}

function emptyRange(): AppError {
  return new AppError({
    code: 'webhook.empty_range',
    kind: 'invalid',
    field: 'since',
    message: 'Invalid `since` field. It must be before `until`, and not in the future.',
  });
}
