import type { StoredMetric } from '../metric.js';
import { hourOf, MAX_COUNTED_TAGS, type CountedEmail, type Delta } from './delta.js';
import { senderDomain } from './sender-domain.js';

/** Adds up what shall be counted, so that many facts become a few rows. */
export class DeltaSums {
  private readonly sums = new Map<string, Delta>();

  /** @param at when it happened: that hour counts, however late it is told */
  add(email: CountedEmail, at: Date, metric: StoredMetric, value = 1, bucket = 0): void {
    const { projectId, connectionId, tags } = email;
    const domain = senderDomain(email.sender);
    const hour = hourOf(at);
    for (const { name, value: tagValue } of [total, ...tags.slice(0, MAX_COUNTED_TAGS)]) {
      const key = JSON.stringify([
        projectId,
        connectionId,
        domain,
        name,
        tagValue,
        hour.getTime(),
        metric,
        bucket,
      ]);
      const known = this.sums.get(key);
      if (known !== undefined) known.value += value;
      else
        this.sums.set(key, {
          projectId,
          connectionId,
          domain,
          tagName: name,
          tagValue,
          hour,
          metric,
          bucket,
          value,
        });
    }
  }

  deltas(): Delta[] {
    return [...this.sums.values()];
  }
}

const total = { name: '', value: '' };
