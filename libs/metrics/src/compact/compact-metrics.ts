import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { limitTags } from './limit-tags.js';
import { SystemCompactionRepository } from './system-compaction.repository.js';

const ROWS_AT_ONCE = 20_000;

/**
 * Handler of `metrics.compact`: merges what was counted into one row for each hour and each day. Rows leave the one table and enter the
 * others in one transaction, so nothing is lost or counted twice, whenever it is cut short and whoever else does the same.
 */
@Injectable()
export class CompactMetrics {
  constructor(
    @Inject(SystemCompactionRepository) private readonly repository: SystemCompactionRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Until there is nothing left. @returns how many deltas were merged */
  async execute(): Promise<number> {
    let merged = 0;
    for (;;) {
      const taken = await this.step();
      merged += taken;
      if (taken < ROWS_AT_ONCE) return merged;
    }
  }

  private step(): Promise<number> {
    return this.repository.transaction(async (sql) => {
      if (!(await this.repository.lock(sql))) return 0;
      const { taken, deltas } = await this.repository.take(sql, ROWS_AT_ONCE);
      if (taken === 0) return 0;
      const tagged = new Set(
        deltas.filter(({ tagName }) => tagName !== '').map(({ projectId }) => projectId),
      );
      const known = tagged.size === 0 ? [] : await this.repository.tagsOf(sql, [...tagged]);
      const limited = limitTags(deltas, known);
      await this.repository.add(sql, limited.deltas);
      await this.repository.useTags(sql, limited.used, this.clock.now());
      return taken;
    });
  }
}
