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
    await this.guard('email_contents', () => this.forgetContents());
    await this.forget('audit_entries', auditDays, (before) => this.repository.forgetSessionAudit(before));
  }

  private async forget(
    what: string,
    days: number,
    work: (before: Date) => Promise<string[] | number>,
  ): Promise<void> {
    if (days === 0) return;
    await this.guard(what, () => work(this.daysAgo(days)));
  }

  /** What projects have set for themselves. @returns how many contents are gone */
  private async forgetContents(): Promise<number> {
    let gone = 0;
    for (const project of await this.repository.projectsThatForget())
      gone += await this.repository.forgetContents(project, this.daysAgo(project.days));
    return gone;
  }

  private daysAgo(days: number): Date {
    return new Date(this.clock.nowMs() - days * DAY_MS);
  }

  private async guard(what: string, work: () => Promise<string[] | number>): Promise<void> {
    try {
      const gone = await work();
      if (gone !== 0 && !(Array.isArray(gone) && gone.length === 0))
        this.logger.info('retention.forgotten', { what, gone });
    } catch (error) {
      this.logger.warn('retention.failed', { what, error });
    }
  }
}
