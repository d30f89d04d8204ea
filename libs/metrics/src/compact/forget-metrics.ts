import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { SystemCompactionRepository } from './system-compaction.repository.js';

const DAY_MS = 24 * 3_600_000;
/** Days that hours are kept; days themselves for ever. */
export const HOUR_RETENTION_DAYS = 90;
/** Those of tags, of which there are many more. */
export const TAG_HOUR_RETENTION_DAYS = 31;

/** The part of the hourly maintenance that forgets hours, and tags that are no longer used. */
@Injectable()
export class ForgetMetrics {
  constructor(
    @Inject(SystemCompactionRepository) private readonly repository: SystemCompactionRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const ago = (days: number) => new Date(this.clock.nowMs() - days * DAY_MS);
    await this.repository.forgetHours(ago(HOUR_RETENTION_DAYS), ago(TAG_HOUR_RETENTION_DAYS));
    await this.repository.forgetTags(ago(HOUR_RETENTION_DAYS));
  }
}
