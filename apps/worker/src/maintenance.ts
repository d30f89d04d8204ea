import { Inject, Injectable } from '@nestjs/common';
import { RefreshPlatformPrincipal } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { ForgetEvents } from '#libs/events';
import { ForgetMetrics } from '#libs/metrics';
import { ForgetMessages } from '#libs/webhooks';
import { Retention } from './retention.js';
import { SystemMaintenanceRepository } from './system-maintenance.repository.js';

/** What is done about once an hour, by whichever worker gets the job. */
@Injectable()
export class Maintenance {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(SystemMaintenanceRepository) private readonly repository: SystemMaintenanceRepository,
    @Inject(ForgetMessages) private readonly webhookMessages: ForgetMessages,
    @Inject(ForgetEvents) private readonly events: ForgetEvents,
    @Inject(ForgetMetrics) private readonly metrics: ForgetMetrics,
    @Inject(Retention) private readonly retention: Retention,
    @Inject(RefreshPlatformPrincipal) private readonly platformPrincipal: RefreshPlatformPrincipal,
  ) {}

  async execute(): Promise<void> {
    await this.repository.makePartitions(this.clock.now());
    await this.repository.forgetIdempotencyRecords();
    await this.webhookMessages.execute();
    await this.events.execute();
    await this.metrics.execute();
    await this.retention.execute();
    await this.platformPrincipal.execute();
  }
}
