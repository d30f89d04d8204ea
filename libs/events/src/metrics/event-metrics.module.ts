import { Module } from '@nestjs/common';
import { MetricsModule } from '#libs/metrics';
import { FactCounter } from '../fold/fact-counter.js';
import { CountFacts } from './count-facts.js';
import { EngagementsRepository } from './engagements.repository.js';

/** What the fold counts by. */
@Module({
  imports: [MetricsModule],
  providers: [CountFacts, EngagementsRepository, { provide: FactCounter, useExisting: CountFacts }],
  exports: [FactCounter],
})
export class EventMetricsModule {}
