import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { Clock } from '#libs/crypto';
import { Logger } from '#libs/telemetry';
import { SystemRetentionRepository } from './system-retention.repository.js';

const DAY_MS = 24 * 3600 * 1000;

/** The part of the hourly maintenance that forgets what is older than it shall be kept. */
@Injectable()
export class Retention {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'retention'>,
    @Inject(SystemRetentionRepository) private readonly repository: SystemRetentionRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** Each part by itself: one that fails is tried again next hour, and keeps nothing else from running. */
  async execute(): Promise<void> {
    const { logDays, emailDays, auditDays } = this.config.retention;
    await this.forget('request_logs', logDays, (before) => this.repository.dropRequestLogs(before));
    await this.forget('emails', emailDays, (before) => this.repository.dropEmails(before));
    await this.forget('audit_entries', auditDays, (before) => this.repository.forgetSessionAudit(before));
  }

  private async forget(
    what: string,
    days: number,
    work: (before: Date) => Promise<string[] | number>,
  ): Promise<void> {
    if (days === 0) return;
    try {
      const gone = await work(new Date(this.clock.nowMs() - days * DAY_MS));
      if (gone !== 0 && !(Array.isArray(gone) && gone.length === 0))
        this.logger.info('retention.forgotten', { what, gone });
    } catch (error) {
      this.logger.warn('retention.failed', { what, error });
    }
  }
}
