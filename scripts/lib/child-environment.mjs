import { sandboxVariables, SANDBOX_PLATFORM, withoutAws, withoutAwsKeys } from './aws-variables.mjs';

/**
 * The environment of each program that `npm start` runs. A pure function, because a mistake here hands a developer's
 * real AWS credentials to a program that should not have them.
 *
 * @param {{ base: NodeJS.ProcessEnv, isSandbox: boolean, sandboxUrl: string | null, dnsPort: number | undefined, apiPort: number, apiHost: string,
 *   smtpPort: number, publicUrl: string, databaseUrl: string, redisUrl: string | undefined, keys: string }} options
 */
export function childEnvironments(options) {
  const { base, isSandbox, sandboxUrl } = options;
  const own = {
    NODE_ENV: base.NODE_ENV || 'development',
    API_HOST: options.apiHost,
    API_PORT: String(options.apiPort),
    SMTP_PORT: String(options.smtpPort),
    SESAME_PUBLIC_URL: options.publicUrl,
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl ?? '',
    SESAME_KEYS: options.keys,
    // Of the API alone, and only with the sandbox.
    SESAME_SANDBOX_URL: '',
  };
  // IAM of the sandbox answers at once: nobody has to wait for it to settle.
  const checks = isSandbox ? { SESAME_VERIFY_WINDOW_SECONDS: base.SESAME_VERIFY_WINDOW_SECONDS || '1' } : {};
  const inner = { ...(isSandbox ? withoutAws(base) : base), ...own, ...checks };
  const aws = (withKeys) => (isSandbox ? sandboxVariables(sandboxUrl, withKeys) : {});
  // The simulated internet has a DNS of its own.
  const dns = isSandbox
    ? { SESAME_DNS_SERVERS: base.SESAME_DNS_SERVERS || `127.0.0.1:${options.dnsPort}` }
    : {};
  // It signs its SNS messages with a certificate of its own.
  const sns = isSandbox
    ? { SESAME_SNS_CERTIFICATE_ENDPOINT: base.SESAME_SNS_CERTIFICATE_ENDPOINT || sandboxUrl }
    : {};
  const webTier = { ...withoutAwsKeys(inner), ...aws(false), ...sns };
  // Production wants a certificate for SMTP; with the sandbox it is development, whatever the shell says.
  const smtp = isSandbox ? { ...webTier, NODE_ENV: 'development' } : webTier;
  // "Try to break it" on the connection page. Production refuses to start with it.
  const breakable = isSandbox && own.NODE_ENV !== 'production' ? { SESAME_SANDBOX_URL: sandboxUrl } : {};
  return {
    api: { ...webTier, ...breakable },
    smtp,
    tools: webTier,
    worker: { ...inner, ...aws(true), ...dns },
  };
}

/** The sandbox shares nothing with the product, not even its environment. */
export function sandboxEnvironment({ base, port, dnsPort, stateFile }) {
  return {
    PATH: base.PATH,
    NODE_ENV: 'development',
    SANDBOX_PORT: String(port),
    SANDBOX_DNS_PORT: String(dnsPort),
    SANDBOX_STATE_FILE: stateFile,
    SANDBOX_PLATFORM_ACCOUNT_ID: SANDBOX_PLATFORM.accountId,
    SANDBOX_PLATFORM_ACCESS_KEY_ID: SANDBOX_PLATFORM.accessKeyId,
    SANDBOX_PLATFORM_SECRET_ACCESS_KEY: SANDBOX_PLATFORM.secretAccessKey,
  };
}
