import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#libs/connections';
import { LiveModule } from '#libs/live';
import { TemplatesModule } from '#libs/templates';
import { SuppressionsModule } from '#libs/suppressions';
import { WebhooksModule } from '#libs/webhooks';
import { AcceptEmails } from './accept/accept-emails.js';
import { AcceptRepository } from './accept/accept.repository.js';
import { ApplyTemplate } from './accept/apply-template.js';
import { AcceptRaw } from './accept/accept-raw.js';
import { FetchAttachments } from './accept/fetch-attachments.js';
import { PlaceEmail } from './accept/place-email.js';
import { SendingConnectionsRepository } from './accept/sending-connections.repository.js';
import { SubmitEmails } from './accept/submit-emails.js';
import { DrainLane } from './drain/drain-lane.js';
import { DrainRepository } from './drain/drain.repository.js';
import { FollowQuota } from './drain/follow-quota.js';
import { LeaveOutSuppressed } from './drain/leave-out-suppressed.js';
import { SuppressedRepository } from './drain/suppressed.repository.js';
import { RecordRepository } from './drain/record.repository.js';
import { Failover } from './drain/failover.js';
import { FailoverRepository } from './drain/failover.repository.js';
import { SendTools } from './drain/send-tools.js';
import { SystemLanesRepository } from './drain/system-lanes.repository.js';
import { SystemSesAccountRepository } from './drain/system-ses-account.repository.js';
import { WakeLanes } from './drain/wake-lanes.js';
import { LaneWakeUps } from './lane-wake-ups.js';
import { AttachmentsRepository } from './read/attachments.repository.js';
import { ChangeSchedule } from './read/change-schedule.js';
import { EmailsRepository } from './read/emails.repository.js';
import { CapacityRepository } from './read/capacity.repository.js';
import { ReadCapacity } from './read/read-capacity.js';
import { ResendEmail } from './read/resend-email.js';
import { ReadAttachments } from './read/read-attachments.js';
import { ReadEmails } from './read/read-emails.js';
import { ReadEmailSource } from './read/read-email-source.js';
import { ReadQueue } from './read/read-queue.js';
import { QueueRepository } from './read/queue.repository.js';
import { ReadUsage } from './read/read-usage.js';
import { UsageRepository } from './read/usage.repository.js';

/** Taking mail in and reading it: what the API and SMTP need. */
@Module({
  imports: [TemplatesModule, WebhooksModule],
  providers: [
    AcceptEmails,
    ApplyTemplate,
    AcceptRepository,
    AcceptRaw,
    PlaceEmail,
    FetchAttachments,
    SubmitEmails,
    LaneWakeUps,
    SendingConnectionsRepository,
    EmailsRepository,
    ReadEmails,
    ReadEmailSource,
    QueueRepository,
    ReadQueue,
    AttachmentsRepository,
    ReadAttachments,
    ChangeSchedule,
    CapacityRepository,
    ReadCapacity,
    ReadUsage,
    UsageRepository,
    ResendEmail,
  ],
  exports: [
    ReadCapacity,
    ReadUsage,
    ResendEmail,
    AcceptEmails,
    AcceptRaw,
    ReadEmails,
    ReadEmailSource,
    ReadQueue,
    ReadAttachments,
    ChangeSchedule,
  ],
})
export class AcceptModule {}

/** Sending it: what the worker needs. */
@Module({
  imports: [ConnectionsModule, LiveModule, SuppressionsModule, WebhooksModule],
  providers: [
    DrainLane,
    DrainRepository,
    LeaveOutSuppressed,
    SuppressedRepository,
    RecordRepository,
    SendTools,
    Failover,
    FailoverRepository,
    FollowQuota,
    SystemSesAccountRepository,
    SystemLanesRepository,
    WakeLanes,
  ],
  exports: [DrainLane, WakeLanes],
})
export class DrainModule {}
