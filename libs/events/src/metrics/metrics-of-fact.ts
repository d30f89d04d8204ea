import { latencyBucket, type MetricName, type StoredMetric } from '#libs/metrics';
import type { NewFact } from '../fold/fact-counter.js';
import type { Fact } from '../fold/fact.js';

export interface Counted {
  metric: StoredMetric;
  value: number;
  bucket: number;
}

/** What a fact adds to the counts. `sent` adds nothing here: sends are counted where mail is recorded. */
export function metricsOf({ fact, email }: Pick<NewFact, 'fact' | 'email'>): Counted[] {
  const name = metricOf(fact);
  if (name === undefined) return [];
  const counted = [{ metric: name, value: 1, bucket: 0 }];
  if (fact.type !== 'delivered') return counted;
  const latency = latencyOf(fact, email.sentAt);
  if (latency === undefined) return counted;
  return [
    ...counted,
    { metric: 'latency', value: 1, bucket: latencyBucket(latency) },
    { metric: 'latency_ms', value: latency, bucket: 0 },
  ];
}

function metricOf({ type, data }: Fact): MetricName | undefined {
  switch (type) {
    case 'sent':
      return undefined;
    case 'delivered':
    case 'delivery_delayed':
    case 'suppressed':
    case 'complained':
    case 'failed':
      return type;
    case 'bounced':
      if (data['type'] === 'Permanent') return 'bounced_permanent';
      return data['type'] === 'Transient' ? 'bounced_transient' : 'bounced_undetermined';
    case 'opened':
    case 'clicked':
      return isByMachine(data) ? `${type}_by_machine` : type;
  }
}

export function isByMachine(data: Fact['data']): boolean {
  return data['machine'] === true;
}

/** In milliseconds. SES's own figure where it gives one: `sent_at` is when we had recorded its answer. */
function latencyOf({ data, at }: Fact, sentAt: Date | null): number | undefined {
  const own = data['processingTimeMillis'];
  if (typeof own === 'number' && Number.isFinite(own) && own >= 0) return Math.round(own);
  return sentAt === null ? undefined : Math.max(0, at.getTime() - sentAt.getTime());
}
