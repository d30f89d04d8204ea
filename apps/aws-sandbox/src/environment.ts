import { z } from 'zod';
import type { SandboxOptions } from './sandbox.js';

const schema = z
  .object({
    SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(4599),
    SANDBOX_DNS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    SANDBOX_HOST: z.enum(['127.0.0.1', '::1', 'localhost']).default('127.0.0.1'),
    SANDBOX_STATE_FILE: z.string().min(1).optional(),
    SANDBOX_PLATFORM_ACCOUNT_ID: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    SANDBOX_PLATFORM_ACCESS_KEY_ID: z.string().min(16).optional(),
    SANDBOX_PLATFORM_SECRET_ACCESS_KEY: z.string().min(1).optional(),
    SANDBOX_LOG: z.enum(['json', 'silent']).default('silent'),
  })
  .refine(
    (env) =>
      (env.SANDBOX_PLATFORM_ACCESS_KEY_ID === undefined) ===
      (env.SANDBOX_PLATFORM_SECRET_ACCESS_KEY === undefined),
    {
      message: 'the access key id and the secret access key come together or not at all',
      path: ['SANDBOX_PLATFORM_SECRET_ACCESS_KEY'],
    },
  );

export interface SandboxEnvironment {
  readonly options: SandboxOptions;
  readonly isLogging: boolean;
}

/** Reads the environment. Throws an Error naming the variable that is wrong, never its value. */
export const readEnvironment = (env: NodeJS.ProcessEnv): SandboxEnvironment => {
  // An empty variable is the same as none: that is how shells and compose files unset one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Error(`${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'invalid'}`);
  }
  const e = result.data;
  return {
    isLogging: e.SANDBOX_LOG === 'json',
    options: {
      port: e.SANDBOX_PORT,
      host: e.SANDBOX_HOST,
      ...(e.SANDBOX_DNS_PORT === undefined ? {} : { dnsPort: e.SANDBOX_DNS_PORT }),
      ...(e.SANDBOX_STATE_FILE === undefined ? {} : { stateFile: e.SANDBOX_STATE_FILE }),
      ...(e.SANDBOX_PLATFORM_ACCOUNT_ID === undefined
        ? {}
        : { platformAccountId: e.SANDBOX_PLATFORM_ACCOUNT_ID }),
      ...(e.SANDBOX_PLATFORM_ACCESS_KEY_ID === undefined
        ? {}
        : { platformAccessKeyId: e.SANDBOX_PLATFORM_ACCESS_KEY_ID }),
      ...(e.SANDBOX_PLATFORM_SECRET_ACCESS_KEY === undefined
        ? {}
        : { platformSecretAccessKey: e.SANDBOX_PLATFORM_SECRET_ACCESS_KEY }),
    },
  };
};
