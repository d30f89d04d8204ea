import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, SesSuppressionList, type SesSuppressionReason } from '#libs/aws';
import type { BrokeredSession } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { putReason } from './put-reason.js';
import {
  SystemSuppressionSyncsRepository,
  type FollowedSync,
  type SyncChange,
} from './system-suppression-syncs.repository.js';

/** Tells an SES account's suppression list what the project suppresses and allows again: at most one call of each kind. */
@Injectable()
export class TellAccount {
  constructor(
    @Inject(SystemSuppressionSyncsRepository) private readonly syncs: SystemSuppressionSyncsRepository,
    @Inject(SesSuppressionList) private readonly list: SesSuppressionList,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @returns whether there is more to tell @throws AwsFailure */
  async execute(
    { connectionId, productionAccess }: FollowedSync,
    session: BrokeredSession,
    inForce: readonly SesSuppressionReason[] | null,
  ): Promise<boolean> {
    // Deletes first: somebody wants to write to that address.
    const actions = productionAccess === false ? (['delete'] as const) : (['delete', 'put'] as const);
    for (const action of actions) {
      const change = await this.syncs.nextChange(connectionId, action);
      if (change !== undefined) await this.tell(connectionId, session, change, inForce);
    }
    return this.syncs.hasOpen(connectionId, actions);
  }

  private async tell(
    connectionId: string,
    session: BrokeredSession,
    { id, action, address, origin }: SyncChange,
    inForce: readonly SesSuppressionReason[] | null,
  ): Promise<void> {
    const done = (counted: 'put' | 'deleted' | 'refused') =>
      this.syncs.changeDone(connectionId, id, counted, this.clock.now());
    try {
      if (action === 'put') await this.list.put(session, address, putReason(origin, inForce));
      else await this.list.delete(session, address);
    } catch (error) {
      // An address that SES does not want must not keep the others waiting; it will be the same next time.
      if (error instanceof AwsFailure && error.code === 'BadRequestException') return done('refused');
      throw error;
    }
    await done(action === 'put' ? 'put' : 'deleted');
  }
}
