import { Inject, Injectable } from '@nestjs/common';
import { JobProducer } from '#libs/queue';
import { Logger, Metrics } from '#libs/telemetry';
import { WatchReputation } from '../safety/watch-reputation.js';
import { FoldSet, type FoldedSet } from './fold-set.js';
import { TellFacts } from './tell-facts.js';

const SET = 1_000;
/** After this long a connection goes back to the end of the queue. */
const TURN_MS = 2_000;

/** Handler of `events.fold`: folds what has come in for one connection, for one time slice. */
@Injectable()
export class FoldEvents {
  private readonly folded;
  private readonly aside;

  constructor(
    @Inject(FoldSet) private readonly set: FoldSet,
    @Inject(TellFacts) private readonly tell: TellFacts,
    @Inject(WatchReputation) private readonly reputation: WatchReputation,
    @Inject(JobProducer) private readonly jobs: Pick<JobProducer, 'add'>,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.folded = metrics.counter('sesame_events_total', 'What SES has told about mail, by type.', ['type']);
    this.aside = metrics.counter('sesame_events_set_aside_total', 'Event records that belong to no email.', [
      'reason',
    ]);
  }

  async execute(connectionId: string, stopping: AbortSignal): Promise<void> {
    const deadline = performance.now() + TURN_MS;
    let size = SET;
    while (!stopping.aborted) {
      const folded = await this.fold(connectionId, size);
      if (folded === 'refused') {
        size = Math.ceil(size / 10);
        continue;
      }
      if (folded.taken === 0) return;
      size = Math.min(SET, size * 2);
      this.tell.committed(folded.newFacts, folded.webhookIds);
      this.count(connectionId, folded);
      await this.reputation.execute(connectionId, folded.newFacts);
      if (performance.now() < deadline) continue;
      // To the end of the queue, behind the other connections.
      await this.jobs.add('events.fold', { connectionId });
      return;
    }
  }

  /** @returns `refused` when PostgreSQL does not take something in the set: a smaller one finds it, so that it holds up no other record */
  private async fold(connectionId: string, size: number): Promise<FoldedSet | 'refused'> {
    try {
      return await this.set.execute(connectionId, size);
    } catch (error) {
      if (!isDataFault(error)) throw error;
      this.logger.warn('events.set_refused', { connectionId, size, error });
      return size > 1 ? 'refused' : this.foldAlone(connectionId);
    }
  }

  /** What happened to the mail counts more than telling it; what cannot be stored at all is set aside. */
  private async foldAlone(connectionId: string): Promise<FoldedSet> {
    try {
      return await this.set.execute(connectionId, 1, false);
    } catch (error) {
      if (!isDataFault(error)) throw error;
      this.logger.error('events.record_refused', { connectionId, error });
      await this.set.reject(connectionId);
      return { taken: 1, newFacts: [], rejected: 1, foreign: 0, webhookIds: [] };
    }
  }

  private count(connectionId: string, { newFacts, rejected, foreign }: FoldedSet): void {
    for (const { fact } of newFacts) this.folded.inc({ type: fact.type });
    this.aside.inc({ reason: 'unreadable' }, rejected);
    this.aside.inc({ reason: 'foreign' }, foreign);
    if (rejected > 0) this.logger.warn('events.rejected', { connectionId, rejected });
  }
}

/** Classes of PostgreSQL that trying again does not mend: data exception, constraint violation. */
function isDataFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(22|23)/.test(String(error.code));
}
