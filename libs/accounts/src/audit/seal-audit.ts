import { Inject, Injectable } from '@nestjs/common';
import { SystemAuditSealsRepository } from './system-audit-seals.repository.js';

const AT_ONCE = 1_000;

/** Seals what was written since the last time. */
@Injectable()
export class SealAudit {
  constructor(@Inject(SystemAuditSealsRepository) private readonly seals: SystemAuditSealsRepository) {}

  /** Some, if nobody else is at it; called every few seconds. */
  async execute(): Promise<void> {
    await this.seals.seal(AT_ONCE, false);
  }

  /** All that was there when it was called. */
  async all(): Promise<void> {
    while ((await this.seals.seal(AT_ONCE, true)) === AT_ONCE);
  }
}
