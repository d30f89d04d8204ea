import type { Counts } from '../metric.js';

/** Fractions of one; null where there is nothing to divide by. */
export interface Rates {
  delivery_rate: number | null;
  bounce_rate: number | null;
  complaint_rate: number | null;
  open_rate: number | null;
  click_rate: number | null;
}

/**
 * Deliveries, bounces and complaints come for each recipient, opens and clicks for each email, so each is divided by its own kind.
 * Only permanent bounces count, as with SES.
 */
export function ratesOf(counts: Counts): Rates {
  const of = (part: number, whole: number) => (whole > 0 ? Math.round((part / whole) * 1e6) / 1e6 : null);
  return {
    delivery_rate: of(counts.delivered, counts.recipients),
    bounce_rate: of(counts.bounced_permanent, counts.recipients),
    complaint_rate: of(counts.complained, counts.recipients),
    open_rate: of(counts.unique_opened, counts.sent),
    click_rate: of(counts.unique_clicked, counts.sent),
  };
}
