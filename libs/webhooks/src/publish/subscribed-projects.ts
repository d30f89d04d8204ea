import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Broadcast } from '#libs/database';
import { Logger } from '#libs/telemetry';
import { SystemSubscriptionsRepository } from './system-subscriptions.repository.js';

/** Broadcast with a project's id when one of its endpoints begins to want events. */
export const WEBHOOK_ENABLED = 'webhook.enabled';
/** How long the list is trusted. A broadcast adds to it at once; only what is gone waits for this. */
const TTL_MS = 10_000;

/**
 * Which projects have an enabled endpoint: so that the others cost no statement. May name one too many, which costs a statement
 * that finds nothing.
 */
@Injectable()
export class SubscribedProjects implements OnModuleInit {
  private projects = new Set<string>();
  /** Announced while the list was being read: the reading may have begun before them. */
  private announced = new Set<string>();
  private loadedAt = -Infinity;
  private loading: Promise<void> | undefined;

  constructor(
    @Inject(SystemSubscriptionsRepository) private readonly subscriptions: SystemSubscriptionsRepository,
    @Inject(Broadcast) broadcast: Pick<Broadcast, 'on' | 'onGap'>,
    @Inject(Logger) private readonly logger: Logger,
  ) {
    broadcast.on(WEBHOOK_ENABLED, (projectId) => {
      this.projects.add(projectId);
      this.announced.add(projectId);
    });
    broadcast.onGap(() => void this.refresh());
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
  }

  has(projectId: string): boolean {
    if (performance.now() - this.loadedAt > TTL_MS) void this.refresh();
    return this.projects.has(projectId);
  }

  /** Reads the list again; never rejects. */
  private refresh(): Promise<void> {
    this.loading ??= this.load().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async load(): Promise<void> {
    this.announced = new Set();
    this.loadedAt = performance.now();
    try {
      this.projects = new Set(await this.subscriptions.projects());
      for (const projectId of this.announced) this.projects.add(projectId);
    } catch (error) {
      this.loadedAt = -Infinity;
      this.logger.warn('webhook.subscriptions_not_read', { error });
    }
  }
}
