import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
const positive = z.coerce.number().int().positive();
/** Of mail, as a fraction. */
const rate = z.coerce.number().positive().max(1);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const cidr = z.union([z.cidrv4(), z.cidrv6()]);
const cidrList = z
  .string()
  .transform((list) => list.split(',').map((range) => range.trim()))
  .refine(
    (ranges) => ranges.every((range) => cidr.safeParse(range).success),
    'must be CIDR ranges, comma separated, such as 10.1.0.0/16,fd00::/8',
  );
const ip = z.union([z.ipv4(), z.ipv6()]);
const ipList = z
  .string()
  .transform((list) => list.split(',').map((address) => address.trim()))
  .refine(
    (addresses) => addresses.every((address) => ip.safeParse(address).success),
    'must be IP addresses, comma separated',
  );

/** Addresses, because names would need a resolver. */
const isDnsServer = (text: string): boolean => {
  const [, v6, v4, portText = '53'] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? ['', '', text];
  return ip.safeParse(v6 || v4).success && port.safeParse(portText).success;
};
const dnsServers = z
  .string()
  .transform((list) => list.split(',').map((server) => server.trim()))
  .refine(
    (servers) => servers.every((server) => ip.safeParse(server).success || isDnsServer(server)),
    'must be IP addresses with or without :port, comma separated',
  );

/**
 * Every environment variable that Sesame reads, in one place. AWS variables (`AWS_REGION`, `AWS_ENDPOINT_URL`,
 * credentials …) are read by the AWS SDK itself and are deliberately not listed: the product adds no meaning to them.
 */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: port.default(3000),
  WORKER_HEALTH_PORT: port.optional(),
  SESAME_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://'),
  DATABASE_POOL_SIZE: positive.max(200).default(10),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must start with redis:// or rediss://')
    .optional(),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/, 'must be 1-40 characters of a-z, 0-9, _ and -')
    .default('sesame'),
  SESAME_KEYS: z
    .string()
    .min(1, 'is required: a key ring, "id:base64" of 32 bytes, newest first, comma separated'),
  SESAME_SES_TRANSPORT: z.enum(['lean', 'sdk']).default('lean'),
  SESAME_LANE_CONCURRENCY: positive.max(5000).default(100),
  SESAME_LANE_IN_FLIGHT: positive.max(2000).default(128),
  SESAME_SENDS_IN_FLIGHT: positive.max(5000).default(256),
  SESAME_BYTES_IN_FLIGHT: positive.default(64 * 1024 * 1024),
  SESAME_CLAIM_SECONDS: positive.min(2).max(3600).default(60),
  SESAME_SES_TIMEOUT_SECONDS: positive.max(300).default(20),
  SESAME_VERIFY_WINDOW_SECONDS: z.coerce.number().int().min(0).max(600).default(60),
  SESAME_SWEEP_SECONDS: positive.default(86_400),
  SESAME_DNS_SERVERS: dnsServers.optional(),
  SESAME_DOMAIN_WAIT_SECONDS: z.coerce.number().min(0).max(60).default(10),
  SESAME_RATE_LIMIT: positive.default(1000),
  SESAME_MAX_BODY_MB: positive.max(100).default(56),
  SESAME_OUTBOUND_ALLOW: cidrList.optional(),
  SESAME_OUTBOUND_PLAIN_HTTP: flag.optional(),
  SMTP_HOST: z.string().min(1).default('127.0.0.1'),
  SMTP_PORT: port.default(2525),
  SMTP_IMPLICIT_TLS_PORT: port.optional(),
  SMTP_TLS: z.enum(['required', 'optional', 'off']).default('required'),
  SMTP_TLS_CERT_FILE: z.string().optional(),
  SMTP_TLS_KEY_FILE: z.string().optional(),
  SMTP_TRUSTED_PROXIES: ipList.optional(),
  // SES takes 40 MB after base64.
  SMTP_MAX_MESSAGE_MB: positive.max(30).default(30),
  SMTP_BYTES_IN_FLIGHT: positive.default(64 * 1024 * 1024),
  SMTP_MAX_CONNECTIONS: positive.default(500),
  SMTP_MAX_CONNECTIONS_PER_IP: positive.default(100),
  SMTP_LOGIN_SECONDS: positive.default(60),
  SMTP_IDLE_SECONDS: positive.default(300),
  SMTP_DATA_SECONDS: positive.default(600),
  SESAME_WEBHOOK_CONCURRENCY: positive.max(5000).default(100),
  SESAME_WEBHOOK_TIMEOUT_SECONDS: positive.max(60).default(15),
  SESAME_WEBHOOK_RETENTION_DAYS: positive.max(3650).default(30),
  SESAME_EVENT_CONCURRENCY: positive.max(1000).default(10),
  SESAME_PULL_CONCURRENCY: positive.max(250).default(50),
  SESAME_SNS_CERTIFICATE_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  SESAME_SANDBOX_URL: z
    .url({
      protocol: /^https?$/,
      hostname: /^(localhost|127\.0\.0\.1|\[::1\])$/,
      error: 'must be the http:// address of a sandbox on this machine',
    })
    .optional(),
  SESAME_SOFT_BOUNCE_LIMIT: z.coerce.number().int().min(0).max(1000).default(5),
  SESAME_SOFT_BOUNCE_DAYS: positive.max(90).default(14),
  SESAME_REPUTATION_WINDOW_HOURS: positive.max(168).default(24),
  SESAME_REPUTATION_MINIMUM: positive.default(1000),
  SESAME_BOUNCE_WARNING: rate.default(0.03),
  SESAME_BOUNCE_CEILING: rate.default(0.05),
  SESAME_COMPLAINT_WARNING: rate.default(0.001),
  SESAME_COMPLAINT_CEILING: rate.default(0.003),
  SESAME_SIGN_UP: z.enum(['open', 'invited', 'closed']).optional(),
  SESAME_OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  SESAME_OIDC_CLIENT_ID: z.string().min(1).optional(),
  SESAME_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  SESAME_OIDC_NAME: z.string().trim().min(1).max(50, 'must be at most 50 characters').optional(),
  SESAME_REQUEST_LOG: z.enum(['all', 'errors', 'off']).default('all'),
  SESAME_LOG_RETENTION_DAYS: positive.min(7).max(3650).default(30),
  SESAME_EMAIL_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(36500)
    .refine((days) => days === 0 || days >= 7, 'must be 0 or at least 7')
    .default(0),
  SESAME_AUDIT_RETENTION_DAYS: z.coerce.number().int().min(0).max(36500).default(0),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SESAME_METRICS: flag.default(true),
});

export type Environment = z.infer<typeof environmentSchema>;
