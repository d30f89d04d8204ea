import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { CountDeltasRepository, DeltaSums } from '#libs/metrics';
import { FactCounter, type NewFact } from '../fold/fact-counter.js';
import { groupBy } from '../fold/group-by.js';
import { isSimulator } from '../fold/normalise.js';
import { EngagementsRepository } from './engagements.repository.js';
import { isByMachine, metricsOf } from './metrics-of-fact.js';

/**
 * Counts facts in the hours in which they happened: a few rows for up to a thousand facts, appended in the transaction that stores them.
 * What the mailbox simulator did is not counted.
 */
@Injectable()
export class CountFacts extends FactCounter {
  constructor(
    @Inject(CountDeltasRepository) private readonly deltas: CountDeltasRepository,
    @Inject(EngagementsRepository) private readonly engagements: EngagementsRepository,
  ) {
    super();
  }

  async count(facts: readonly NewFact[], sql: Sql): Promise<void> {
    const real = facts.filter(({ fact }) => fact.recipient === null || !isSimulator(fact.recipient));
    const sums = new DeltaSums();
    for (const one of real) {
      for (const { metric, value, bucket } of metricsOf(one))
        sums.add({ projectId: one.projectId, ...one.email }, one.fact.at, metric, value, bucket);
    }
    await this.addUnique(sums, real, sql);
    await this.deltas.add(sql, sums.deltas());
    const settled = real.filter(({ fact }) => fact.type === 'sent');
    for (const [projectId, sent] of groupBy(settled, (one) => one.projectId))
      await this.deltas.addSends(
        sql,
        projectId,
        sent.map(({ email }) => email.id),
      );
  }

  /**
   * Each email once, in the hour of the first open that we were told of. The events of this set are stored already: an email is new
   * here when it has no more of them than the set.
   */
  private async addUnique(sums: DeltaSums, facts: readonly NewFact[], sql: Sql): Promise<void> {
    const engaged = facts.filter(
      ({ fact }) => (fact.type === 'opened' || fact.type === 'clicked') && !isByMachine(fact.data),
    );
    for (const [projectId, ofProject] of groupBy(engaged, (one) => one.projectId)) {
      const ids = [...new Set(ofProject.map(({ email }) => email.id))];
      const since = new Date(Math.min(...ofProject.map(({ email }) => email.createdAt.getTime())));
      const stored = await this.engagements.countByPeople(sql, projectId, ids, since);
      const timesOf = new Map(stored.map((one) => [`${one.emailId} ${one.type}`, one.times]));
      for (const [key, same] of groupBy(ofProject, ({ email, fact }) => `${email.id} ${fact.type}`)) {
        const [first] = [...same].sort((a, b) => a.fact.at.getTime() - b.fact.at.getTime());
        if (first === undefined || (timesOf.get(key) ?? 0) > same.length) continue;
        const metric = first.fact.type === 'opened' ? 'unique_opened' : 'unique_clicked';
        sums.add({ projectId, ...first.email }, first.fact.at, metric);
      }
    }
  }
}
