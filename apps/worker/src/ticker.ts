import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SealAudit } from '#libs/accounts';
import { RefreshPlatformPrincipal, WakeConnections } from '#libs/connections';
import { HeartbeatsRepository } from '#libs/database';
import { WakeDomains } from '#libs/domains';
import { WakeLanes } from '#libs/emails';
import { WakeFeedback, WakeFolds } from '#libs/events';
import { JobProducer } from '#libs/queue';
import { WakeSuppressionSyncs } from '#libs/suppression-sync';
import { Logger } from '#libs/telemetry';
import { WakeWebhooks } from '#libs/webhooks';

const TICK_MS = 1_000;
const BEAT_EVERY_TICKS = 5;
const COMPACT_EVERY_TICKS = 60;
const SEAL_EVERY_TICKS = 5;
const MAINTENANCE_EVERY_TICKS = 3_600;

/**
 * Once a second: whatever is due in PostgreSQL gets its job. Each due row is given to one ticker of the fleet only
 * (row locks that skip), so more workers mean no more jobs; and a queue that lost everything is whole again a second later.
 */
@Injectable()
export class Ticker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> = Promise.resolve();
  private ticks = 0;
  private isStopped = false;

  constructor(
    @Inject(WakeLanes) private readonly lanes: WakeLanes,
    @Inject(WakeConnections) private readonly connections: WakeConnections,
    @Inject(WakeWebhooks) private readonly webhooks: WakeWebhooks,
    @Inject(WakeDomains) private readonly domains: WakeDomains,
    @Inject(WakeFolds) private readonly folds: WakeFolds,
    @Inject(WakeFeedback) private readonly feedback: WakeFeedback,
    @Inject(WakeSuppressionSyncs) private readonly suppressions: WakeSuppressionSyncs,
    @Inject(HeartbeatsRepository) private readonly heartbeats: HeartbeatsRepository,
    @Inject(SealAudit) private readonly audit: SealAudit,
    @Inject(RefreshPlatformPrincipal) private readonly platformPrincipal: RefreshPlatformPrincipal,
    @Inject(JobProducer) private readonly jobs: JobProducer,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.platformPrincipal.execute();
    this.plan();
  }

  private plan(): void {
    if (this.isStopped) return;
    // Not an interval: a slow tick delays the next one instead of piling up. The jitter keeps fleets from ticking as one.
    this.timer = setTimeout(
      () => {
        this.ticking = this.tick().finally(() => this.plan());
      },
      TICK_MS * (0.9 + Math.random() * 0.2),
    );
  }

  private async tick(): Promise<void> {
    const tick = this.ticks++;
    if (tick % BEAT_EVERY_TICKS === 0) await this.attempt('heartbeat', () => this.heartbeats.beat('worker'));
    await this.attempt('lanes', () => this.lanes.execute());
    await this.attempt('connections', () => this.connections.execute());
    await this.attempt('domains', () => this.domains.execute());
    await this.attempt('webhooks', () => this.webhooks.execute());
    await this.attempt('events', () => this.folds.execute());
    await this.attempt('feedback', () => this.feedback.execute());
    await this.attempt('suppressions', () => this.suppressions.execute());
    if (tick % COMPACT_EVERY_TICKS === 0)
      await this.attempt('metrics', () => this.jobs.add('metrics.compact', {}));
    if (tick % SEAL_EVERY_TICKS === 0) await this.attempt('audit', () => this.audit.execute());
    if (tick % MAINTENANCE_EVERY_TICKS === 0)
      await this.attempt('maintenance', () => this.jobs.add('maintenance.run', {}));
  }

  /** A part that fails (database restarting) must not keep the others from running, now and next second. */
  private async attempt(part: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn('ticker.failed', { part, error });
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.ticking;
    await this.heartbeats.leave().catch(() => undefined);
  }
}
