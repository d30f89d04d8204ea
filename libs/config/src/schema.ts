import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
const positive = z.coerce.number().int().positive();
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

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
  SESAME_RATE_LIMIT: positive.default(1000),
  SESAME_MAX_BODY_MB: positive.max(100).default(56),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SESAME_METRICS: flag.default(true),
});

export type Environment = z.infer<typeof environmentSchema>;
