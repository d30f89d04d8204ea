import { z } from 'zod';
import { FAULT_KINDS, SERVICE_NAMES } from '../state/faults.js';
import type { World } from '../state/world.js';
import type { AdminRoute } from './admin-router.js';
import { parseBody } from './parse-body.js';
import { presentAccount } from './present-account.js';

const faultsBody = z.array(
  z.strictObject({
    service: z.enum(SERVICE_NAMES),
    action: z.string().min(1),
    account: z
      .string()
      .regex(/^\d{12}$/, 'an account id has 12 digits')
      .optional(),
    kind: z.enum(FAULT_KINDS),
    latency_ms: z.number().min(0).max(600_000).optional(),
    probability: z.number().min(0).max(1).optional(),
    count: z.int().min(1).optional(),
  }),
);

const settingsBody = z.strictObject({
  propagation_seconds: z.number().min(0).optional(),
  error_message_key: z.enum(['message', 'Message', 'none']).optional(),
  control_plane_throttle: z.boolean().optional(),
  signature_window_seconds: z.number().positive().optional(),
  source_ip: z.union([z.ipv4(), z.ipv6()]).nullable().optional(),
  secure_transport: z.boolean().optional(),
  delivery_retry_ms: z.number().min(0).optional(),
  queue_name_reuse_seconds: z.number().min(0).optional(),
});

const clockBody = z.union([
  z.strictObject({ advance_seconds: z.number() }),
  z.strictObject({ offset_seconds: z.number() }),
]);

const clock = (world: World): Record<string, unknown> => ({
  now: new Date(world.clock.now()).toISOString(),
  offset_seconds: world.clock.offsetSeconds,
});

/** Everything but secrets: no secret keys, session tokens or message bodies. */
const state = (world: World): Record<string, unknown> => ({
  clock: clock(world),
  settings: world.settings,
  platform_account_id: world.platform.accountId,
  accounts: Object.fromEntries(
    [...world.accounts.values()].map((account) => [account.accountId, presentAccount(world, account)]),
  ),
  sessions: [...world.sessions.values()].map((session) => ({
    access_key_id: session.accessKeyId,
    account_id: session.accountId,
    owner: session.owner.name,
    session_name: session.owner.kind === 'role' ? session.owner.sessionName : null,
    issued_at: new Date(session.issuedAt).toISOString(),
    expires_at: new Date(session.expiresAt).toISOString(),
  })),
  messages: { total: world.messages.total, stored: world.messages.size },
  calls: { total: world.journal.total, stored: world.journal.size },
  faults: world.faults.list(),
  events: { ...world.courier.faults, pending: world.courier.pending, ...world.courier.counters },
});

export const CONTROL_ROUTES: readonly AdminRoute[] = [
  { on: 'GET /state', run: ({ world }) => state(world) },
  { on: 'GET /faults', run: ({ world }) => world.faults.list() },
  {
    on: 'PUT /faults',
    run: ({ world, request }) => {
      world.faults.replace(parseBody(request, faultsBody));
      return world.faults.list();
    },
  },
  {
    on: 'DELETE /faults',
    run: ({ world }) => {
      world.faults.replace([]);
      return [];
    },
  },
  { on: 'GET /settings', run: ({ world }) => world.settings },
  {
    on: 'PATCH /settings',
    run: ({ world, request }) => {
      const given = Object.entries(parseBody(request, settingsBody)).filter(
        ([, value]) => value !== undefined,
      );
      world.settings = { ...world.settings, ...Object.fromEntries(given) };
      world.onChange();
      return world.settings;
    },
  },
  { on: 'GET /clock', run: ({ world }) => clock(world) },
  {
    on: 'POST /clock',
    run: ({ world, request }) => {
      const body = parseBody(request, clockBody);
      world.clock.offsetSeconds =
        'advance_seconds' in body ? world.clock.offsetSeconds + body.advance_seconds : body.offset_seconds;
      world.onChange();
      return clock(world);
    },
  },
  {
    on: 'POST /reset',
    run: ({ world }) => {
      world.reset();
      return state(world);
    },
  },
];
