import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { SystemForgetRepository } from './system-forget.repository.js';

/** Longer than a message of the transport may be old when it is taken in, with room for clocks. */
const RECEIPT_DAYS = 3;
const REJECT_DAYS = 7;
/** Of one connection; the others are counted only. */
const REJECTS_KEPT = 1_000;
const REPUTATION_DAYS = 14;

/** Deletes what the pipeline needs no longer; a part of the hourly maintenance. */
@Injectable()
export class ForgetEvents {
  constructor(
    @Inject(SystemForgetRepository) private readonly repository: SystemForgetRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute(): Promise<void> {
    await this.repository.forgetReceipts(RECEIPT_DAYS);
    await this.repository.forgetRejects(REJECT_DAYS, REJECTS_KEPT);
    await this.repository.forgetSoftBounces(this.config.events.softBounces.days);
    await this.repository.forgetHours(REPUTATION_DAYS);
  }
}
