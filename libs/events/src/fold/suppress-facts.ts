import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import type { Sql } from '#libs/database';
import { SuppressMany, type NewSuppression, type Suppression } from '#libs/suppressions';
import type { NewFact } from './fact-counter.js';
import { isSimulator } from './normalise.js';
import { SystemSoftBouncesRepository, type SoftBounce } from './system-soft-bounces.repository.js';

/** Suppresses addresses for what SES tells about them: at once for hard bounces and complaints, after some for temporary failures. */
@Injectable()
export class SuppressFacts {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SuppressMany) private readonly suppressMany: SuppressMany,
    @Inject(SystemSoftBouncesRepository) private readonly softBounces: SystemSoftBouncesRepository,
  ) {}

  /** To be called when the emails have their new statuses. @returns those that were not suppressed before */
  async execute(sql: Sql, facts: readonly NewFact[]): Promise<Suppression[]> {
    const worn = await this.countSoft(sql, facts.flatMap(softBounceOf));
    return this.suppressMany.execute([...facts.flatMap(suppressionOf), ...worn], sql);
  }

  private async countSoft(
    sql: Sql,
    bounces: readonly SoftBounce[],
  ): Promise<(NewSuppression & { projectId: string })[]> {
    const { limit, days } = this.config.events.softBounces;
    if (limit === 0 || bounces.length === 0) return [];
    await this.softBounces.add(sql, bounces);
    const worn = await this.softBounces.reaching(sql, bounces, limit, days);
    return worn.map(({ projectId, email, emailId }) => ({
      projectId,
      email,
      origin: 'bounce',
      sourceId: emailId,
    }));
  }
}

/** What an address is suppressed for at once. */
export function suppressionOf({
  projectId,
  fact,
  email,
}: NewFact): (NewSuppression & { projectId: string })[] {
  const { type, recipient, isSoft, data } = fact;
  if (recipient === null || isSimulator(recipient) || isSoft) return [];
  const add = (origin: NewSuppression['origin']) => [
    { projectId, email: recipient, origin, sourceId: email.id },
  ];
  if (type === 'complained') return add('complaint');
  if (type === 'bounced') return add('bounce');
  if (type === 'suppressed') return add(data['reason'] === 'complaint' ? 'complaint' : 'bounce');
  return [];
}

function softBounceOf({ projectId, fact, email }: NewFact): SoftBounce[] {
  const { type, recipient, isSoft, at } = fact;
  if (type !== 'bounced' || !isSoft || recipient === null || isSimulator(recipient)) return [];
  return [{ projectId, email: recipient, emailId: email.id, at }];
}
