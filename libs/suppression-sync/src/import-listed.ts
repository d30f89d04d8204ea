import { Inject, Injectable } from '@nestjs/common';
import type { SesSuppressed } from '#libs/aws';
import { Clock } from '#libs/crypto';
import { normaliseAddress, presentSuppression, SuppressMany, type Suppression } from '#libs/suppressions';
import { PublishEvents } from '#libs/webhooks';
import type { SuppressionSync } from './suppression-sync.js';
import { SystemSuppressionSyncsRepository } from './system-suppression-syncs.repository.js';

interface Listed {
  email: string;
  address: string;
  origin: 'bounce' | 'complaint';
  updatedAt: Date;
}

/** Takes a page of an SES account's suppression list into the project's. Safe to run twice with the same page. */
@Injectable()
export class ImportListed {
  constructor(
    @Inject(SystemSuppressionSyncsRepository) private readonly syncs: SystemSuppressionSyncsRepository,
    @Inject(SuppressMany) private readonly suppressMany: SuppressMany,
    @Inject(PublishEvents) private readonly webhooks: PublishEvents,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The first pass through a list sends no webhooks: whoever switches it on knows, and tens of thousands would tell nobody anything. @returns how many were new */
  async execute(sync: SuppressionSync, items: readonly SesSuppressed[]): Promise<number> {
    const listed = items.flatMap(readItem);
    if (listed.length === 0) return 0;
    const { connectionId } = sync;
    let webhookIds: string[] = [];
    const added = await this.syncs.transaction(async (sql) => {
      const allowedAgain = await this.syncs.allowedAgain(sql, connectionId, listed);
      const wanted = listed.filter(({ email }) => !allowedAgain.has(email));
      // Before everything else that locks rows, as it is done where a person changes the list.
      const fresh = await this.suppressMany.execute(
        wanted.map(({ email, origin }) => ({
          projectId: sync.projectId,
          email,
          origin,
          sourceId: undefined,
          sesConnectionId: connectionId,
        })),
        sql,
      );
      await this.syncs.dropPuts(
        sql,
        connectionId,
        wanted.map(({ email }) => email),
      );
      await this.syncs.keepSpellings(
        sql,
        connectionId,
        wanted.filter(({ email, address }) => email !== address),
      );
      if (sync.seenUntil !== null) webhookIds = await this.webhooks.store(sql, fresh.map(this.toEvent));
      await this.syncs.count(sql, connectionId, fresh.length);
      return fresh.length;
    });
    this.webhooks.wake(webhookIds);
    return added;
  }

  private readonly toEvent = (suppression: Suppression) => ({
    projectId: suppression.projectId,
    type: 'suppression.added',
    at: this.clock.now(),
    data: presentSuppression(suppression),
  });
}

/** SES's list may hold what no mail of ours could go to; that is passed over. */
function readItem({ address, reason, updatedAt }: SesSuppressed): Listed[] {
  const email = normaliseAddress(address);
  const origin = reason === 'COMPLAINT' ? 'complaint' : 'bounce';
  return email === undefined ? [] : [{ email, address, origin, updatedAt }];
}
