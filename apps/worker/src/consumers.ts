import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { ProveConnection, RefreshSession } from '#libs/connections';
import { FollowDomain } from '#libs/domains';
import { DrainLane } from '#libs/emails';
import { FoldEvents, FollowFeedback, PullFeedback } from '#libs/events';
import { CompactMetrics } from '#libs/metrics';
import { JobConsumer, QUEUE_BACKEND, type JobHandlers, type QueueBackend } from '#libs/queue';
import { SyncSuppressions } from '#libs/suppression-sync';
import { Logger } from '#libs/telemetry';
import { DeliverWebhook } from '#libs/webhooks';
import { Maintenance } from './maintenance.js';

/** One handler for every job of the catalog, started with the process and drained before it ends. */
@Injectable()
export class Consumers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private consumer: JobConsumer | undefined;
  private readonly handlers: JobHandlers;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(QUEUE_BACKEND) private readonly backend: QueueBackend,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(DrainLane) private readonly drainLane: DrainLane,
    @Inject(RefreshSession) refreshSession: RefreshSession,
    @Inject(ProveConnection) proveConnection: ProveConnection,
    @Inject(DeliverWebhook) private readonly deliverWebhook: DeliverWebhook,
    @Inject(FollowDomain) followDomain: FollowDomain,
    @Inject(FoldEvents) foldEvents: FoldEvents,
    @Inject(FollowFeedback) followFeedback: FollowFeedback,
    @Inject(PullFeedback) pullFeedback: PullFeedback,
    @Inject(SyncSuppressions) syncSuppressions: SyncSuppressions,
    @Inject(CompactMetrics) compactMetrics: CompactMetrics,
    @Inject(Maintenance) maintenance: Maintenance,
  ) {
    this.handlers = {
      'lane.drain': ({ connectionId }, stopping) => drainLane.execute(connectionId, stopping),
      'session.refresh': (data) => refreshSession.execute(data),
      'connection.check': (data) => proveConnection.execute(data),
      'webhook.deliver': ({ webhookId }, stopping) => deliverWebhook.execute(webhookId, stopping),
      'events.fold': ({ connectionId }, stopping) => foldEvents.execute(connectionId, stopping),
      'feedback.follow': (data) => followFeedback.execute(data),
      'feedback.pull': (data, stopping) => pullFeedback.execute(data, stopping),
      'domain.follow': (data) => followDomain.execute(data),
      'suppressions.sync': (data) => syncSuppressions.execute(data),
      'metrics.compact': async () => void (await compactMetrics.execute()),
      'maintenance.run': () => maintenance.execute(),
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { laneConcurrency } = this.config.sending;
    this.consumer = new JobConsumer(
      this.backend,
      this.handlers,
      {
        lanes: laneConcurrency,
        sessions: 20,
        checks: 20,
        maintenance: 1,
        webhooks: this.config.webhooks.concurrency,
        events: this.config.events.concurrency,
        feedback: this.config.events.pullConcurrency,
      },
      this.logger,
    );
    await this.consumer.ready();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.consumer?.close();
    await Promise.all([this.drainLane.settled(), this.deliverWebhook.settled()]);
  }
}
