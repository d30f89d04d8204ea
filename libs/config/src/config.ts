import { AppError } from '#libs/errors';
import { environmentSchema, type Environment } from './schema.js';

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
  /** Requests to URLs that users give. */
  readonly outbound: {
    /** CIDR ranges that may be reached although they are not public. */
    readonly allow: readonly string[];
    /** Whether http:// URLs are accepted beside https://. */
    readonly plainHttp: boolean;
  };
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    readonly implicitTlsPort: number | undefined;
    readonly tls: {
      /** `required`: no AUTH before TLS; `optional`: AUTH also without (development); `off`: terminated by a proxy. */
      readonly mode: 'required' | 'optional' | 'off';
      readonly certificateFile: string | undefined;
      readonly keyFile: string | undefined;
    };
    /** Addresses that begin every connection with a PROXY protocol (version 1) line. */
    readonly trustedProxies: readonly string[];
    readonly maxMessageBytes: number;
    /** Bytes of messages held by one SMTP process, as received. */
    readonly bytesInFlight: number;
    readonly maxConnections: number;
    readonly maxConnectionsPerIp: number;
    /** From the greeting until a client has logged in. */
    readonly loginMs: number;
    /** Without a byte from the client. */
    readonly idleMs: number;
    /** From DATA to the end of the message. */
    readonly dataMs: number;
  };
  readonly webhooks: {
    /** Endpoints that one worker process delivers to at the same time. */
    readonly concurrency: number;
    /** For one request to an endpoint, from DNS to the last byte of the answer. */
    readonly timeoutMs: number;
    /** How long messages and the log of their attempts are kept. */
    readonly retentionDays: number;
  };
  readonly events: {
    /** Connections whose events one worker process folds at the same time. */
    readonly concurrency: number;
    /** Queues of customers that one worker process reads at the same time; each may hold a socket for 20 seconds. */
    readonly pullConcurrency: number;
    /** Where the certificates of SNS are fetched instead of from AWS: a sandbox. */
    readonly certificateEndpoint: string | undefined;
    /** Temporary failures of an address within `days` after which it is suppressed; 0: never. */
    readonly softBounces: { readonly limit: number; readonly days: number };
    /** When a connection is warned about, and when it is paused, for what SES tells about its mail of the last hours. */
    readonly reputation: {
      readonly windowHours: number;
      /** Recipients in the window below which nothing is concluded. */
      readonly minimum: number;
      /** Shares of the recipients. */
      readonly bounces: { readonly warning: number; readonly ceiling: number };
      readonly complaints: { readonly warning: number; readonly ceiling: number };
    };
  };
  /** The local AWS whose accounts may be changed from the dashboard; never in production. */
  readonly sandbox: { readonly url: string } | undefined;
  readonly domains: {
    /** Resolvers to look for records with; none: the machine's own. */
    readonly dnsServers: readonly string[];
    /** How long the answer about a new domain waits for its DKIM records. */
    readonly waitMs: number;
  };
  /** People who sign in. */
  readonly accounts: {
    /** Who may make an account with a password: anybody, who holds an invitation, nobody. */
    readonly signUp: 'open' | 'invited' | 'closed';
    /** The OpenID Connect provider that people may sign in with. */
    readonly oidc:
      | {
          readonly issuer: string;
          readonly clientId: string;
          readonly clientSecret: string;
          /** What people call it, on the button of the sign-in page. */
          readonly name: string;
        }
      | undefined;
  };
  /** Which requests of the API are kept for their project to read. */
  readonly logs: { readonly requests: 'all' | 'errors' | 'off' };
  /** Days that things are kept; 0: for ever. */
  readonly retention: {
    readonly logDays: number;
    readonly emailDays: number;
    /** Of what the machine notes by itself (sessions); what people did stays. */
    readonly auditDays: number;
  };
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
    outbound: {
      allow: env.SESAME_OUTBOUND_ALLOW ?? [],
      plainHttp: env.SESAME_OUTBOUND_PLAIN_HTTP ?? env.NODE_ENV !== 'production',
    },
    smtp: {
      host: env.SMTP_HOST,
      port: env.SMTP_PORT,
      implicitTlsPort: env.SMTP_IMPLICIT_TLS_PORT,
      tls: {
        mode: env.SMTP_TLS,
        certificateFile: env.SMTP_TLS_CERT_FILE,
        keyFile: env.SMTP_TLS_KEY_FILE,
      },
      trustedProxies: env.SMTP_TRUSTED_PROXIES ?? [],
      maxMessageBytes: env.SMTP_MAX_MESSAGE_MB * 1024 * 1024,
      bytesInFlight: env.SMTP_BYTES_IN_FLIGHT,
      maxConnections: env.SMTP_MAX_CONNECTIONS,
      maxConnectionsPerIp: env.SMTP_MAX_CONNECTIONS_PER_IP,
      loginMs: env.SMTP_LOGIN_SECONDS * 1000,
      idleMs: env.SMTP_IDLE_SECONDS * 1000,
      dataMs: env.SMTP_DATA_SECONDS * 1000,
    },
    webhooks: {
      concurrency: env.SESAME_WEBHOOK_CONCURRENCY,
      timeoutMs: env.SESAME_WEBHOOK_TIMEOUT_SECONDS * 1000,
      retentionDays: env.SESAME_WEBHOOK_RETENTION_DAYS,
    },
    events: {
      concurrency: env.SESAME_EVENT_CONCURRENCY,
      pullConcurrency: env.SESAME_PULL_CONCURRENCY,
      certificateEndpoint: env.SESAME_SNS_CERTIFICATE_ENDPOINT,
      softBounces: { limit: env.SESAME_SOFT_BOUNCE_LIMIT, days: env.SESAME_SOFT_BOUNCE_DAYS },
      reputation: {
        windowHours: env.SESAME_REPUTATION_WINDOW_HOURS,
        minimum: env.SESAME_REPUTATION_MINIMUM,
        bounces: { warning: env.SESAME_BOUNCE_WARNING, ceiling: env.SESAME_BOUNCE_CEILING },
        complaints: { warning: env.SESAME_COMPLAINT_WARNING, ceiling: env.SESAME_COMPLAINT_CEILING },
      },
    },
    sandbox: sandboxOf(env),
    domains: {
      dnsServers: env.SESAME_DNS_SERVERS ?? [],
      waitMs: env.SESAME_DOMAIN_WAIT_SECONDS * 1000,
    },
    accounts: {
      signUp: env.SESAME_SIGN_UP ?? (env.NODE_ENV === 'production' ? 'invited' : 'open'),
      oidc: oidcOf(env),
    },
    logs: { requests: env.SESAME_REQUEST_LOG },
    retention: {
      logDays: env.SESAME_LOG_RETENTION_DAYS,
      emailDays: env.SESAME_EMAIL_RETENTION_DAYS,
      auditDays: env.SESAME_AUDIT_RETENTION_DAYS,
    },
    log: { level: env.LOG_LEVEL },
    metrics: env.SESAME_METRICS,
  });
}

/** @throws AppError `config.invalid` in production: there the dashboard must not change anybody's AWS account */
function sandboxOf({ NODE_ENV, SESAME_SANDBOX_URL: url }: Environment): Config['sandbox'] {
  if (url === undefined) return undefined;
  if (NODE_ENV !== 'production') return { url: new URL(url).origin };
  throw new AppError({
    code: 'config.invalid',
    kind: 'internal',
    message:
      'Configuration: SESAME_SANDBOX_URL must not be set when NODE_ENV is production. See .env.example.',
  });
}

/** @throws AppError `config.invalid` when only a part of it is given */
function oidcOf(env: Environment): Config['accounts']['oidc'] {
  const { SESAME_OIDC_ISSUER: issuer, SESAME_OIDC_CLIENT_ID: clientId } = env;
  const { SESAME_OIDC_CLIENT_SECRET: clientSecret } = env;
  if (issuer !== undefined && clientId !== undefined && clientSecret !== undefined)
    return {
      issuer: issuer.replace(/\/$/, ''),
      clientId,
      clientSecret,
      name: env.SESAME_OIDC_NAME ?? new URL(issuer).hostname,
    };
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return undefined;
  throw new AppError({
    code: 'config.invalid',
    kind: 'internal',
    message:
      'Configuration: SESAME_OIDC_ISSUER, SESAME_OIDC_CLIENT_ID and SESAME_OIDC_CLIENT_SECRET belong together. See .env.example.',
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
