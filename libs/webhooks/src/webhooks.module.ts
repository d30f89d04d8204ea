import { Module } from '@nestjs/common';
import { AttemptDelivery } from './delivery/attempt-delivery.js';
import { DeliverWebhook } from './delivery/deliver-webhook.js';
import { ForgetMessages } from './delivery/forget-messages.js';
import { SystemDeliveriesRepository } from './delivery/system-deliveries.repository.js';
import { SystemRetentionRepository } from './delivery/system-retention.repository.js';
import { SystemWakeRepository } from './delivery/system-wake.repository.js';
import { WakeWebhooks } from './delivery/wake-webhooks.js';
import { ManageWebhooks } from './manage/manage-webhooks.js';
import { WebhookEvents } from './manage/webhook-events.js';
import { WebhookEventsRepository } from './manage/webhook-events.repository.js';
import { WebhooksRepository } from './manage/webhooks.repository.js';
import { PublishEvents } from './publish/publish-events.js';
import { PublishRepository } from './publish/publish.repository.js';
import { SubscribedProjects } from './publish/subscribed-projects.js';
import { SystemSubscriptionsRepository } from './publish/system-subscriptions.repository.js';

/** Publishing events: for whatever something happens in. Needs the global modules of database, queue and telemetry. */
@Module({
  providers: [PublishEvents, PublishRepository, SubscribedProjects, SystemSubscriptionsRepository],
  exports: [PublishEvents],
})
export class WebhooksModule {}

/** Endpoints and what they got: what the API needs. Needs the global modules of crypto and outbound too. */
@Module({
  imports: [WebhooksModule],
  providers: [ManageWebhooks, WebhookEvents, WebhooksRepository, WebhookEventsRepository],
  exports: [ManageWebhooks, WebhookEvents],
})
export class WebhookManagementModule {}

/** Bringing them to the endpoints: what the worker needs. Needs the global modules of config, crypto and outbound too. */
@Module({
  imports: [WebhooksModule],
  providers: [
    DeliverWebhook,
    AttemptDelivery,
    ForgetMessages,
    SystemDeliveriesRepository,
    SystemRetentionRepository,
    SystemWakeRepository,
    WakeWebhooks,
  ],
  exports: [DeliverWebhook, ForgetMessages, WakeWebhooks],
})
export class WebhookDeliveryModule {}
