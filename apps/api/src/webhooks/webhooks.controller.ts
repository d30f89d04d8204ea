import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { actorOf, can, type Principal } from '#libs/accounts';
import { ManageWebhooks, type Webhook } from '#libs/webhooks';
import { Allow, Caller, ProjectId } from '../http/access.js';
import { Answers } from '../http/answers.js';
import { pageSchema, toPage } from '../http/page.js';
import {
  changedWebhookSchema,
  createdWebhookSchema,
  createWebhookSchema,
  deletedWebhookSchema,
  updateWebhookSchema,
  webhookListSchema,
  webhookSchema,
} from './webhook.schemas.js';

const uuid = z.uuid();

/** Resend's `/webhooks`. */
@ApiTags('Webhooks')
@ApiBearerAuth()
@Allow('project')
@Controller('webhooks')
export class WebhooksController {
  constructor(@Inject(ManageWebhooks) private readonly webhooks: ManageWebhooks) {}

  @Post()
  @Answers(201, createdWebhookSchema)
  async create(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Body({ schema: createWebhookSchema }) body: z.infer<typeof createWebhookSchema>,
  ) {
    const { id, signingSecret } = await this.webhooks.create(projectId, actorOf(caller), body);
    return { object: 'webhook', id, signing_secret: signingSecret };
  }

  @Get()
  @Answers(200, webhookListSchema)
  async list(
    @ProjectId() projectId: string,
    @Query({ schema: pageSchema }) query: z.infer<typeof pageSchema>,
  ) {
    const { hasMore, webhooks } = await this.webhooks.list(projectId, toPage(query));
    return { object: 'list', has_more: hasMore, data: webhooks.map(present) };
  }

  @Get(':id')
  @Answers(200, webhookSchema)
  async get(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
  ) {
    const webhook = await this.webhooks.get(projectId, id);
    // Who has the secret can sign events in our name: not for those who may only look.
    const maySign = caller.kind !== 'member' || can(caller.role, 'manage');
    return {
      object: 'webhook',
      ...present(webhook),
      signing_secret: maySign ? webhook.signingSecret : null,
      previous_secret_valid_until: webhook.previousSecretUntil?.toISOString() ?? null,
    };
  }

  @Patch(':id')
  @Answers(200, changedWebhookSchema)
  async update(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
    @Body({ schema: updateWebhookSchema }) body: z.infer<typeof updateWebhookSchema>,
  ) {
    await this.webhooks.update(projectId, id, actorOf(caller), {
      endpoint: body.endpoint ?? undefined,
      events: body.events ?? undefined,
      status: body.status ?? undefined,
    });
    return { object: 'webhook', id };
  }

  @Delete(':id')
  @Answers(200, deletedWebhookSchema)
  async remove(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
  ) {
    await this.webhooks.remove(projectId, id, actorOf(caller));
    return { object: 'webhook', id, deleted: true };
  }

  /** Makes a new secret; the old one signs beside it for a day. */
  @Post(':id/signing-secret/rotate')
  @Answers(200, createdWebhookSchema)
  async rotate(
    @Caller() caller: Principal,
    @ProjectId() projectId: string,
    @Param('id', { schema: uuid }) id: string,
  ) {
    const signingSecret = await this.webhooks.rotateSecret(projectId, id, actorOf(caller));
    return { object: 'webhook', id, signing_secret: signingSecret };
  }
}

function present(webhook: Omit<Webhook, 'signingSecret'>) {
  return {
    id: webhook.id,
    endpoint: webhook.endpoint,
    events: webhook.events,
    status: webhook.status,
    created_at: webhook.createdAt.toISOString(),
    disabled_reason: webhook.disabledReason,
    disabled_at: webhook.disabledAt?.toISOString() ?? null,
    failing_since: webhook.failingSince?.toISOString() ?? null,
  };
}
