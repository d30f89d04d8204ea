import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import { DomainsRepository } from './domains.repository.js';
import { FollowSoon } from './follow-soon.js';

/** Looks for the records anew, from now on; the outcome comes by itself. */
@Injectable()
export class VerifyDomain {
  constructor(
    @Inject(DomainsRepository) private readonly domains: DomainsRepository,
    @Inject(FollowSoon) private readonly followSoon: FollowSoon,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws AppError `domain.not_found` */
  async execute(projectId: string, id: string, actor: string): Promise<void> {
    const at = this.clock.now();
    await this.domains.verify(projectId, id, { actor, action: 'domain.verification_requested', at });
    await this.followSoon.execute(id);
  }
}
