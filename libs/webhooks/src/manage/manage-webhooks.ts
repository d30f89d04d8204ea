import { Inject, Injectable } from '@nestjs/common';
import { newId, Sealer } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { AppError, notFound } from '#libs/errors';
import { GuardedHttp, OutboundError } from '#libs/outbound';
import { PublishEvents } from '../publish/publish-events.js';
import { WEBHOOK_ENABLED } from '../publish/subscribed-projects.js';
import { newSigningSecret, openSecret, sealPreviousSecret, sealSecret } from '../secrets.js';
import {
  WebhooksRepository,
  type ListPage,
  type WebhookChanges,
  type WebhookRecord,
} from './webhooks.repository.js';

/** Each event is stored once and sent to every endpoint: more of them would make one email many requests. */
const MAX_PER_PROJECT = 50;
const DNS_TIMEOUT_MS = 3_000;
/** How long the previous secret signs too. */
const OVERLAP_MS = 24 * 3600 * 1000;

export type Webhook = Omit<WebhookRecord, 'sealedSecret'> & { signingSecret: string };

/** The endpoints of a project. */
@Injectable()
export class ManageWebhooks {
  constructor(
    @Inject(WebhooksRepository) private readonly webhooks: WebhooksRepository,
    @Inject(GuardedHttp) private readonly http: Pick<GuardedHttp, 'check'>,
    @Inject(Sealer) private readonly sealer: Sealer,
    @Inject(PublishEvents) private readonly publish: PublishEvents,
    @Inject(Broadcast) private readonly broadcast: Pick<Broadcast, 'send'>,
  ) {}

  /** @param actor as audit entries name it @throws AppError naming `endpoint` when it is no URL that may be called */
  async create(
    projectId: string,
    actor: string,
    { endpoint, events }: { endpoint: string; events: readonly string[] },
  ): Promise<{ id: string; signingSecret: string }> {
    await this.checkEndpoint(endpoint);
    if ((await this.webhooks.count(projectId)) >= MAX_PER_PROJECT) throw tooMany();
    const id = newId();
    const signingSecret = newSigningSecret();
    const sealedSecret = sealSecret(this.sealer, id, signingSecret);
    await this.webhooks.create(projectId, actor, { id, endpoint, events: unique(events), sealedSecret });
    await this.broadcast.send(WEBHOOK_ENABLED, projectId);
    return { id, signingSecret };
  }

  /** @throws AppError not_found, also for another project's */
  async get(projectId: string, id: string): Promise<Webhook> {
    const { sealedSecret, ...webhook } = await this.find(projectId, id);
    return { ...webhook, signingSecret: openSecret(this.sealer, id, sealedSecret) };
  }

  /** Newest first; `after` walks to older ones, `before` to newer. @throws AppError for an unknown cursor */
  async list(projectId: string, page: ListPage): Promise<{ hasMore: boolean; webhooks: WebhookRecord[] }> {
    const cursor = page.after ?? page.before;
    if (cursor !== undefined && (await this.webhooks.find(projectId, cursor)) === undefined)
      throw unknownCursor(page.after === undefined ? 'before' : 'after');
    const rows = await this.webhooks.list(projectId, page);
    const webhooks = rows.slice(0, page.limit);
    if (page.before !== undefined) webhooks.reverse();
    return { hasMore: rows.length > page.limit, webhooks };
  }

  /** @throws AppError not_found, or naming `endpoint` */
  async update(projectId: string, id: string, actor: string, changes: WebhookChanges): Promise<void> {
    await this.find(projectId, id);
    if (changes.endpoint !== undefined) await this.checkEndpoint(changes.endpoint);
    const events = changes.events === undefined ? undefined : unique(changes.events);
    if (!(await this.webhooks.update(projectId, id, actor, { ...changes, events })))
      throw notFound('Webhook');
    if (changes.status !== 'enabled') return;
    await this.broadcast.send(WEBHOOK_ENABLED, projectId);
    this.publish.wake([id]);
  }

  async remove(projectId: string, id: string, actor: string): Promise<void> {
    if (!(await this.webhooks.remove(projectId, id, actor))) throw notFound('Webhook');
  }

  /** The old secret signs beside the new one for a day. @returns the new secret @throws AppError not_found, conflict */
  async rotateSecret(projectId: string, id: string, actor: string): Promise<string> {
    const { sealedSecret } = await this.find(projectId, id);
    const signingSecret = newSigningSecret();
    const isReplaced = await this.webhooks.replaceSecret(projectId, id, actor, sealedSecret, {
      sealed: sealSecret(this.sealer, id, signingSecret),
      previousSealed: sealPreviousSecret(this.sealer, id, openSecret(this.sealer, id, sealedSecret)),
      previousForMs: OVERLAP_MS,
    });
    if (!isReplaced) throw changedMeanwhile();
    return signingSecret;
  }

  private async find(projectId: string, id: string): Promise<WebhookRecord> {
    const record = await this.webhooks.find(projectId, id);
    if (record === undefined) throw notFound('Webhook');
    return record;
  }

  /** A name without an address may get one yet; the guard looks again at every delivery. */
  private async checkEndpoint(endpoint: string): Promise<void> {
    try {
      await this.http.check(endpoint, DNS_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof OutboundError) || error.kind === 'unavailable') return;
      throw new AppError({
        code: 'webhook.endpoint_refused',
        kind: 'invalid',
        field: 'endpoint',
        message: `Invalid \`endpoint\` field. ${error.message}`,
      });
    }
  }
}

function unique(events: readonly string[]): string[] {
  return [...new Set(events)];
}

function tooMany(): AppError {
  return new AppError({
    code: 'webhook.too_many',
    kind: 'invalid',
    message: `A project can have at most ${MAX_PER_PROJECT} webhooks.`,
    remedy: 'Delete one that is not used any more, or let one endpoint take the events of several.',
  });
}

function unknownCursor(field: string): AppError {
  return new AppError({
    code: 'webhook.unknown_cursor',
    kind: 'invalid',
    field,
    message: `The \`${field}\` cursor is not a webhook of this project.`,
  });
}

function changedMeanwhile(): AppError {
  return new AppError({
    code: 'webhook.changed',
    kind: 'conflict',
    message: 'Another request has rotated the signing secret at the same time.',
    remedy: 'Read the webhook again.',
  });
}
