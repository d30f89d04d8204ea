import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { hourlyDeltas } from '../safety/hourly-deltas.js';
import { SystemReputationRepository } from '../safety/system-reputation.repository.js';
import type { StorableFact } from './events-of.js';
import { FactCounter, type NewFact } from './fact-counter.js';
import { SuppressFacts } from './suppress-facts.js';
import { TellFacts } from './tell-facts.js';

/** What a fold has found out. */
export interface Found {
  connectionId: string;
  projectId: string;
  /** Facts that were not known before. */
  fresh: readonly StorableFact[];
  /** Of mail of which nobody had recorded that SES has it. */
  settled: readonly NewFact[];
}

/** What follows from new facts: suppressions, counts, webhooks; in the transaction that stores them. */
@Injectable()
export class FollowFacts {
  constructor(
    @Inject(SuppressFacts) private readonly suppress: SuppressFacts,
    @Inject(SystemReputationRepository) private readonly reputation: SystemReputationRepository,
    @Inject(FactCounter) private readonly counter: FactCounter,
    @Inject(TellFacts) private readonly tell: TellFacts,
  ) {}

  /** @param isTold whether webhooks are stored */
  async execute(
    sql: Sql,
    { connectionId, projectId, fresh, settled }: Found,
    isTold: boolean,
  ): Promise<{ newFacts: readonly NewFact[]; webhookIds: readonly string[] }> {
    const newFacts = [
      ...settled,
      ...fresh.map(({ fact, record }) => ({ projectId, fact, email: record.email })),
    ];
    if (newFacts.length === 0) return { newFacts, webhookIds: [] };
    const suppressed = await this.suppress.execute(sql, newFacts);
    const deltas = hourlyDeltas(fresh.map(({ fact }) => fact));
    await this.reputation.add(sql, connectionId, deltas);
    await this.counter.count(newFacts, sql);
    const webhookIds = isTold ? await this.tell.execute(sql, projectId, fresh, settled, suppressed) : [];
    return { newFacts, webhookIds };
  }
}
