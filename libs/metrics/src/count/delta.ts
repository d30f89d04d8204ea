import type { StoredMetric } from '../metric.js';

/** What is counted together. */
export interface MetricKey {
  projectId: string;
  connectionId: string;
  /** Of From. */
  domain: string;
  /** Empty: the total of all mail, with and without tags. */
  tagName: string;
  tagValue: string;
  /** Begins at a full hour in UTC. */
  hour: Date;
  metric: StoredMetric;
  /** Of the metric `latency`: the class of the histogram; else 0. */
  bucket: number;
}

export interface Delta extends MetricKey {
  value: number;
}

/** An email, as far as it decides where something is counted. */
export interface CountedEmail {
  projectId: string;
  connectionId: string;
  sender: string;
  tags: readonly { name: string; value: string }[];
}

/** Tags of one email that are counted, from its first on. */
export const MAX_COUNTED_TAGS = 10;
const HOUR_MS = 3_600_000;

/** The hour of a moment. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}
