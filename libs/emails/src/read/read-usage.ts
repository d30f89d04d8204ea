import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock, firstIdAt } from '#libs/crypto';
import { periodsOf, type Periods } from './periods.js';
import { UsageRepository } from './usage.repository.js';

export interface Usage {
  /** Emails accepted this calendar day and month, in UTC. */
  daily: number;
  monthly: number;
  domains: number;
  periods: Periods;
}

/** How long an answer counts. */
const CACHE_MS = 5_000;
/** An id is made before its email is committed: what is younger than this is counted anew. */
const SETTLED_MS = 10 * 60_000;

/** What was counted of a period up to a moment, after which nothing can be added any more. */
interface Counted {
  from: number;
  to: Date;
  count: number;
}

/** How much a project has used. Counts what has come since the last time, so that asking often costs little. */
@Injectable()
export class ReadUsage {
  private readonly answers = new LRUCache<string, { until: number; answer: Promise<Usage> }>({ max: 10_000 });
  private readonly counted = new LRUCache<string, Counted>({ max: 20_000 });

  constructor(
    @Inject(UsageRepository) private readonly repository: UsageRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  execute(projectId: string): Promise<Usage> {
    const nowMs = this.clock.nowMs();
    const known = this.answers.get(projectId);
    if (known !== undefined && known.until > nowMs) return known.answer;
    const answer = this.read(projectId);
    this.answers.set(projectId, { until: nowMs + CACHE_MS, answer });
    answer.catch(() => this.answers.delete(projectId));
    return answer;
  }

  private async read(projectId: string): Promise<Usage> {
    const periods = periodsOf(this.clock.now());
    const [daily, monthly, domains] = await Promise.all([
      this.count(projectId, 'day', periods.day, periods.nextDay),
      this.count(projectId, 'month', periods.month, periods.nextMonth),
      this.repository.countDomains(projectId),
    ]);
    return { daily, monthly, domains, periods };
  }

  private async count(projectId: string, period: string, from: Date, until: Date): Promise<number> {
    const key = `${period} ${projectId}`;
    let counted = this.counted.get(key);
    if (counted?.from !== from.getTime()) counted = { from: from.getTime(), to: from, count: 0 };
    const settled = new Date(this.clock.nowMs() - SETTLED_MS);
    if (settled > counted.to) {
      const count = await this.between(projectId, counted.to, settled);
      counted = { from: counted.from, to: settled, count: counted.count + count };
      this.counted.set(key, counted);
    }
    return counted.count + (await this.between(projectId, counted.to, until));
  }

  private between(projectId: string, from: Date, to: Date): Promise<number> {
    return this.repository.countEmails(projectId, firstIdAt(from), firstIdAt(to));
  }
}
