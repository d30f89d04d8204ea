import { z } from 'zod';
import type { DeliveryRecord } from '../state/delivery.js';
import type { World } from '../state/world.js';
import type { AdminCall, AdminRoute } from './admin-router.js';
import { readLimit } from './call-routes.js';
import { parseBody } from './parse-body.js';

const share = z.number().min(0).max(1);

const faultsBody = z
  .strictObject({
    duplicate: share,
    shuffle: share,
    delay: share,
    delay_ms: z
      .tuple([z.number().min(0), z.number().min(0).max(60_000)])
      .refine(([min, max]) => min <= max, 'the first is not above the second'),
    loss: share,
    hold: z.boolean(),
    seed: z.int().min(0),
  })
  .partial();

const show = (world: World): Record<string, unknown> => ({
  ...world.courier.faults,
  pending: world.courier.pending,
  ...world.courier.counters,
});

const patch = ({ world, request }: AdminCall): unknown => {
  const given = Object.entries(parseBody(request, faultsBody)).filter(([, value]) => value !== undefined);
  world.courier.configure({ ...world.courier.faults, ...Object.fromEntries(given) });
  return show(world);
};

/** Oldest first; with a limit the newest that many. */
const listDeliveries = ({ world, query }: AdminCall): DeliveryRecord[] => {
  const limit = readLimit(query);
  const found: DeliveryRecord[] = [];
  for (const delivery of world.deliveries.newestFirst()) {
    const fits = (['service', 'source', 'target', 'outcome', 'message_id'] as const).every(
      (name) => query.get(name) === null || query.get(name) === delivery[name],
    );
    if (!fits) continue;
    found.push(delivery);
    if (found.length === limit) break;
  }
  return found.reverse();
};

export const EVENT_ROUTES: readonly AdminRoute[] = [
  { on: 'GET /events', run: ({ world }) => show(world) },
  { on: 'PATCH /events', run: patch },
  {
    on: 'POST /events/flush',
    run: async ({ world }) => ({ delivered: await world.courier.flush(), ...show(world) }),
  },
  { on: 'GET /deliveries', run: listDeliveries },
  {
    on: 'DELETE /deliveries',
    run: ({ world }) => {
      world.deliveries.clear();
      return { deleted: true };
    },
  },
];
