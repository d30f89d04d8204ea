import { Ring } from './ring.js';

/** One attempt to hand an event on, or the reason why there was none. */
export interface DeliveryRecord {
  readonly at: string;
  readonly service: 'sns' | 'events';
  /** Topic or rule. */
  readonly source: string;
  /** Queue, endpoint or API destination. */
  readonly target: string;
  readonly message_id: string;
  readonly attempt: number;
  /** `denied` = a policy or role did not allow it; `failed` = tried without success; `dead_letter` = given up and kept. */
  readonly outcome: 'delivered' | 'failed' | 'denied' | 'dead_letter';
  readonly http_status: number | null;
  readonly reason: string | null;
}

export const DELIVERY_CAPACITY = 20_000;

export const newDeliveries = (): Ring<DeliveryRecord> => new Ring(DELIVERY_CAPACITY);
