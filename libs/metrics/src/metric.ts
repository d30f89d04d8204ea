/** What is counted, in the words of Resend where it has one. */
export const metricNames = [
  /** Emails that SES took. */
  'sent',
  /** Their recipients: the events below them come for each recipient. */
  'recipients',
  'delivered',
  'delivery_delayed',
  'bounced_permanent',
  'bounced_transient',
  'bounced_undetermined',
  'complained',
  'suppressed',
  'failed',
  /** By people, every time. */
  'opened',
  'clicked',
  /** Emails that a person opened or clicked at least once. */
  'unique_opened',
  'unique_clicked',
  /** By mail proxies and filters. */
  'opened_by_machine',
  'clicked_by_machine',
] as const;
export type MetricName = (typeof metricNames)[number];

/** In the table besides them: deliveries by class of the histogram, and the sum of their milliseconds. */
export type StoredMetric = MetricName | 'latency' | 'latency_ms';

export type Counts = Record<MetricName, number>;

export function noCounts(): Counts {
  return Object.fromEntries(metricNames.map((name) => [name, 0])) as Counts;
}
