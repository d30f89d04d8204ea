import { AcceptInvitationController } from './accounts/accept-invitation.controller.js';
import { AuditController } from './accounts/audit.controller.js';
import { InvitationsController } from './accounts/invitations.controller.js';
import { MeController } from './accounts/me.controller.js';
import { MembersController } from './accounts/members.controller.js';
import { OrganizationKeysController } from './accounts/organization-keys.controller.js';
import { OrganizationsController } from './accounts/organizations.controller.js';
import { OwnOrganizationsController } from './accounts/own-organizations.controller.js';
import { SessionsController } from './accounts/sessions.controller.js';
import { SignInController } from './accounts/sign-in.controller.js';
import { ResendApiKeysController } from './api-keys/resend-api-keys.controller.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { FeedbackController } from './connections/feedback.controller.js';
import { ProjectConnectionsController } from './connections/project-connections.controller.js';
import { SuppressionSyncController } from './connections/suppression-sync.controller.js';
import { DomainsController } from './domains/domains.controller.js';
import { AttachmentsController } from './emails/attachments.controller.js';
import { EmailsController } from './emails/emails.controller.js';
import { FeedbackIntakeController } from './events/feedback-intake.controller.js';
import { HealthController } from './health/health.controller.js';
import { LiveController } from './live/live.controller.js';
import { LogsController } from './logs/logs.controller.js';
import { EmailMetricsController } from './metrics/email-metrics.controller.js';
import { ProjectMetricsController } from './metrics/project-metrics.controller.js';
import { ApiKeysController } from './projects/api-keys.controller.js';
import { ProjectsController } from './projects/projects.controller.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { QueueController } from './queue/queue.controller.js';
import { SuppressionListsController } from './suppressions/suppression-lists.controller.js';
import { SuppressionsController } from './suppressions/suppressions.controller.js';
import { TemplatesController } from './templates/templates.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { WebhookEventsController } from './webhooks/webhook-events.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** Every controller of the API, in the order of the documentation. */
export const controllers = [
  EmailMetricsController,
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
  ProjectMetricsController,
  QueueController,
  LiveController,
  ProjectConnectionsController,
  ConnectionsController,
  FeedbackController,
  SuppressionSyncController,
  FeedbackIntakeController,
  SignInController,
  MeController,
  SessionsController,
  OwnOrganizationsController,
  OrganizationsController,
  OrganizationKeysController,
  MembersController,
  InvitationsController,
  AcceptInvitationController,
  AuditController,
  HealthController,
];

/** Only where the product runs against the local sandbox: in production there are no such routes. Not in the documentation. */
export const sandboxControllers = [SandboxController];
