import { MeController } from './accounts/me.controller.js';
import { ResendApiKeysController } from './api-keys/resend-api-keys.controller.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { ProjectConnectionsController } from './connections/project-connections.controller.js';
import { DomainsController } from './domains/domains.controller.js';
import { AttachmentsController } from './emails/attachments.controller.js';
import { EmailsController } from './emails/emails.controller.js';
import { FeedbackIntakeController } from './events/feedback-intake.controller.js';
import { HealthController } from './health/health.controller.js';
import { LogsController } from './logs/logs.controller.js';
import { ApiKeysController } from './projects/api-keys.controller.js';
import { ProjectsController } from './projects/projects.controller.js';
import { SuppressionListsController } from './suppressions/suppression-lists.controller.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { TemplatesController } from './templates/templates.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { WebhookEventsController } from './webhooks/webhook-events.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** Every controller of the API, in the order of the documentation. */
export const controllers = [
  EmailsController,
  AttachmentsController,
  TemplatesController,
  WebhooksController,
  WebhookEventsController,
  DomainsController,
  SuppressionsController,
  SuppressionListsController,
  ResendApiKeysController,
  LogsController,
  UsageController,
  ProjectsController,
  ApiKeysController,
  ProjectConnectionsController,
  ConnectionsController,
  FeedbackIntakeController,
  MeController,
  HealthController,
];
