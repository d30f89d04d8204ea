import { Inject, Injectable } from '@nestjs/common';
import type { Sql } from '#libs/database';
import { LiveNotices } from '#libs/live';
import { presentSuppression, type Suppression } from '#libs/suppressions';
import { PublishEvents, type HappenedEvent } from '#libs/webhooks';
import type { StorableFact } from './events-of.js';
import type { NewFact } from './fact-counter.js';
import { groupBy } from './group-by.js';
import { sentWebhook, webhooksOf } from './webhooks-of.js';

/** Tells a project's endpoints what is new, in the transaction that stores it. */
@Injectable()
export class TellFacts {
  constructor(
    @Inject(PublishEvents) private readonly publish: PublishEvents,
    @Inject(LiveNotices) private readonly live: LiveNotices,
  ) {}

  /** No statement where nobody listens. @returns the endpoints to wake */
  execute(
    sql: Sql,
    projectId: string,
    fresh: readonly StorableFact[],
    settled: readonly NewFact[],
    suppressed: readonly Suppression[],
  ): Promise<string[]> {
    if (!this.publish.isHeard(projectId)) return Promise.resolve([]);
    const ofRecords = [...groupBy(fresh, ({ recordId }) => recordId).values()].flatMap(([first, ...more]) =>
      first === undefined
        ? []
        : webhooksOf({
            projectId,
            emailId: first.record.email.id,
            facts: [first, ...more].map(({ fact }) => fact),
          }),
    );
    return this.publish.store(sql, [
      ...settled.map((one) => sentWebhook(one, one.fact.at)),
      ...ofRecords,
      ...suppressed.map(suppressionWebhook),
    ]);
  }

  /** Once it is committed: whoever waits for it is told. */
  committed(newFacts: readonly NewFact[], webhookIds: readonly string[]): void {
    this.publish.wake(webhookIds);
    for (const [projectId, facts] of groupBy(newFacts, (one) => one.projectId))
      this.live.add(
        projectId,
        facts.map(({ fact, email }) => ({ id: email.id, event: fact.type })),
      );
  }
}

function suppressionWebhook(suppression: Suppression): HappenedEvent {
  return {
    projectId: suppression.projectId,
    type: 'suppression.added',
    at: suppression.createdAt,
    data: { ...presentSuppression(suppression) },
  };
}
