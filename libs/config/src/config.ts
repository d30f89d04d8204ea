import { AppError } from '#libs/errors';
import { environmentSchema } from './schema.js';

/** Injection token of the frozen {@link Config}. */
export const CONFIG = Symbol('sesame.config');

export interface Config {
  readonly environment: 'development' | 'test' | 'production';
  readonly http: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | undefined;
    /** Requests per second per project. */
    readonly rateLimit: number;
    readonly maxBodyBytes: number;
  };
  readonly database: { readonly url: string; readonly poolSize: number };
  readonly queue: { readonly redisUrl: string | undefined; readonly prefix: string };
  /** `id:base64`, newest first; parsed by libs/crypto. */
  readonly keyRing: string;
  readonly worker: { readonly healthPort: number | undefined };
  readonly sending: {
    readonly transport: 'lean' | 'sdk';
    /** Lanes that one worker process drains at the same time. */
    readonly laneConcurrency: number;
    /** SES calls in flight for one lane in one worker process. */
    readonly laneInFlight: number;
    /** SES calls in flight in one worker process. */
    readonly sendsInFlight: number;
    /** Bytes of request bodies held by one worker process. */
    readonly bytesInFlight: number;
    readonly claimTtlMs: number;
    readonly sesTimeoutMs: number;
  };
  readonly connections: { readonly verifyWindowMs: number; readonly sweepMs: number };
  readonly log: { readonly level: string };
  readonly metrics: boolean;
}

/**
 * Parses the environment once, at the start of a process.
 *
 * @throws AppError `config.invalid` that names every bad variable and never shows a value.
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable means "not set": compose files and shells produce them.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = issue.path.join('.');
      const absent = given[name] === undefined;
      return `${name} ${absent ? 'is required' : issue.message.startsWith('must') || issue.message.startsWith('is ') ? issue.message : `is not valid (${issue.message})`}`;
    });
    throw new AppError({
      code: 'config.invalid',
      kind: 'internal',
      message: `Configuration: ${problems.join('; ')}. See .env.example.`,
    });
  }
  const env = parsed.data;
  return deepFreeze({
    environment: env.NODE_ENV,
    http: {
      host: env.API_HOST,
      port: env.API_PORT,
      publicUrl: env.SESAME_PUBLIC_URL,
      rateLimit: env.SESAME_RATE_LIMIT,
      maxBodyBytes: env.SESAME_MAX_BODY_MB * 1024 * 1024,
    },
    database: { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE },
    queue: { redisUrl: env.REDIS_URL, prefix: env.QUEUE_PREFIX },
    keyRing: env.SESAME_KEYS,
    worker: { healthPort: env.WORKER_HEALTH_PORT },
    sending: {
      transport: env.SESAME_SES_TRANSPORT,
      laneConcurrency: env.SESAME_LANE_CONCURRENCY,
      laneInFlight: env.SESAME_LANE_IN_FLIGHT,
      sendsInFlight: env.SESAME_SENDS_IN_FLIGHT,
      bytesInFlight: env.SESAME_BYTES_IN_FLIGHT,
      claimTtlMs: env.SESAME_CLAIM_SECONDS * 1000,
      sesTimeoutMs: env.SESAME_SES_TIMEOUT_SECONDS * 1000,
    },
    connections: {
      verifyWindowMs: env.SESAME_VERIFY_WINDOW_SECONDS * 1000,
      sweepMs: env.SESAME_SWEEP_SECONDS * 1000,
    },
    log: { level: env.LOG_LEVEL },
    metrics: env.SESAME_METRICS,
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
