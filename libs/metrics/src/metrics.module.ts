import { Module } from '@nestjs/common';
import { CompactMetrics } from './compact/compact-metrics.js';
import { ForgetMetrics } from './compact/forget-metrics.js';
import { SystemCompactionRepository } from './compact/system-compaction.repository.js';
import { CountDeltasRepository } from './count/count-deltas.repository.js';
import { MetricsRepository } from './read/metrics.repository.js';
import { ReadMetrics } from './read/read-metrics.js';

/** Counting, merging and reading. Needs the global modules of crypto and database. */
@Module({
  providers: [
    CompactMetrics,
    CountDeltasRepository,
    ForgetMetrics,
    MetricsRepository,
    ReadMetrics,
    SystemCompactionRepository,
  ],
  exports: [CompactMetrics, CountDeltasRepository, ForgetMetrics, ReadMetrics],
})
export class MetricsModule {}
