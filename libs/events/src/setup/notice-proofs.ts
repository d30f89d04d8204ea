import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { FollowFeedbackSoon } from './follow-soon.js';
import { proofOf } from './proof.js';
import { SystemFeedbackRepository } from './system-feedback.repository.js';

/** Keeps the events of our own proof mails apart: they say that the way stands, and belong to no email. */
@Injectable()
export class NoticeProofs {
  constructor(
    @Inject(SystemFeedbackRepository) private readonly sources: SystemFeedbackRepository,
    @Inject(FollowFeedbackSoon) private readonly soon: FollowFeedbackSoon,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @returns the items that are no proofs; costs no SQL where there are none */
  async execute<Item extends { connectionId: string; body: string }>(
    items: readonly Item[],
  ): Promise<readonly Item[]> {
    const proofs = items.flatMap((item) => {
      const proof = proofOf(item.body);
      return proof === undefined ? [] : [{ item, ...proof }];
    });
    if (proofs.length === 0) return items;
    const delivered = proofs.filter(({ isDelivery }) => isDelivery);
    if (delivered.length > 0) {
      const proven = await this.sources.proven(
        delivered.map(({ item }) => item.connectionId),
        delivered.map(({ proofId }) => proofId),
        this.clock.now(),
      );
      await Promise.all(proven.map((connectionId) => this.soon.execute('feedback.follow', connectionId)));
    }
    const noticed = new Set(proofs.map(({ item }) => item));
    return items.filter((item) => !noticed.has(item));
  }
}
