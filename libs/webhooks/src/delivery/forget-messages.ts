import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock } from '#libs/crypto';
import { Logger } from '#libs/telemetry';
import { SystemRetentionRepository } from './system-retention.repository.js';

const DAY_MS = 24 * 3600 * 1000;

/** The part of the hourly maintenance that keeps webhook messages and the log of their attempts from growing for ever. */
@Injectable()
export class ForgetMessages {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'webhooks'>,
    @Inject(SystemRetentionRepository) private readonly retention: SystemRetentionRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute(): Promise<void> {
    const before = new Date(this.clock.nowMs() - this.config.webhooks.retentionDays * DAY_MS);
    try {
      const partitions = await this.retention.dropBefore(before);
      if (partitions.length > 0) this.logger.info('webhook.messages_forgotten', { partitions });
    } catch (error) {
      this.logger.warn('webhook.messages_not_forgotten', { error });
    }
  }
}
