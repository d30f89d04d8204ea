import type { Fact } from '../fold/fact.js';
import { isSimulator } from '../fold/normalise.js';

const HOUR_MS = 3600 * 1000;

/** What SES counts within one hour. */
export interface HourlyDelta {
  hour: Date;
  recipients: number;
  bounced: number;
  complained: number;
}

/** What some new facts add to the counts of their hours: the hour of the event, not of its arrival. */
export function hourlyDeltas(facts: readonly Fact[]): HourlyDelta[] {
  const hours = new Map<number, HourlyDelta>();
  for (const { type, recipient, at, isSoft, isCounted } of facts) {
    if (!isCounted && !(isSoft && recipient !== null && !isSimulator(recipient))) continue;
    const start = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
    const delta = hours.get(start) ?? { hour: new Date(start), recipients: 0, bounced: 0, complained: 0 };
    hours.set(start, delta);
    if (type === 'complained') delta.complained += 1;
    else delta.recipients += 1;
    if (isCounted && (type === 'bounced' || type === 'suppressed')) delta.bounced += 1;
  }
  return [...hours.values()].sort((a, b) => a.hour.getTime() - b.hour.getTime());
}
