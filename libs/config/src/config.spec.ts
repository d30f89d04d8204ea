import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { AppError } from '#libs/errors';
import { CONFIG, loadConfig, type Config } from './config.js';
import { ConfigModule } from './config.module.js';
import { environmentSchema } from './schema.js';

const required = { DATABASE_URL: 'postgres://u:p@db/sesame', SESAME_KEYS: 'k1:not-parsed-here' };

function refusalOf(environment: Record<string, string | undefined>): AppError {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

/** Values that no message of a validator holds by chance. */
const bad: Readonly<Record<string, readonly string[]>> = {
  NODE_ENV: ['prod-77312'],
  API_PORT: ['-77312', '77312', '77312.5', 'port-77312'],
  WORKER_HEALTH_PORT: ['-77312', '77312', 'port-77312'],
  SESAME_PUBLIC_URL: ['sesame-77312', 'ftp://sesame-77312', 'javascript:alert(77312)'],
  DATABASE_URL: ['mysql://root:77312@db/x', 'db-77312', 'https://db/77312'],
  DATABASE_POOL_SIZE: ['0', '-77312', '77312', '1.77312', 'many-77312'],
  REDIS_URL: ['http://redis-77312', 'redis-77312:6379'],
  QUEUE_PREFIX: ['Sesame-77312', 'a:77312', 'a b-77312', '77312'.repeat(9)],
  SESAME_SES_TRANSPORT: ['curl-77312'],
  SESAME_LANE_CONCURRENCY: ['0', '-77312', '77312', 'x77312'],
  SESAME_LANE_IN_FLIGHT: ['0', '-77312', '77312', 'x77312'],
  SESAME_SENDS_IN_FLIGHT: ['0', '-77312', '77312', 'x77312'],
  SESAME_BYTES_IN_FLIGHT: ['0', '-77312', '64MB-77312'],
  SESAME_CLAIM_SECONDS: ['1', '-77312', '77312', '60s-77312'],
  SESAME_SES_TIMEOUT_SECONDS: ['0', '-77312', '77312', '20s-77312'],
  SESAME_VERIFY_WINDOW_SECONDS: ['-77312', '77312', '60s-77312'],
  SESAME_SWEEP_SECONDS: ['0', '-77312', 'day-77312'],
  SESAME_DNS_SERVERS: ['dns-77312.example', '10.0.0.1:77312', '10.0.0.1,,10.0.0.2', '[::77312'],
  SESAME_DOMAIN_WAIT_SECONDS: ['-1', '77312', 'none-77312'],
  SESAME_RATE_LIMIT: ['0', '-77312', 'none-77312'],
  SESAME_MAX_BODY_MB: ['0', '-77312', '77312', '56MB-77312'],
  SESAME_OUTBOUND_ALLOW: ['77312', '10.0.0.0', '10.0.0.0/77312', '10.0.0.0/8;fd77312::/8', 'fd00::/8,,'],
  SESAME_OUTBOUND_PLAIN_HTTP: ['yes-77312'],
  SMTP_PORT: ['77312', 'smtp-77312'],
  SMTP_IMPLICIT_TLS_PORT: ['77312'],
  SMTP_TLS: ['maybe-77312'],
  SMTP_TRUSTED_PROXIES: ['proxy-77312', '10.0.0.0/77312', '10.0.0.1,,10.0.0.77312'],
  SMTP_MAX_MESSAGE_MB: ['0', '77312'],
  SMTP_BYTES_IN_FLIGHT: ['0', '-77312'],
  SMTP_MAX_CONNECTIONS: ['0', '-77312'],
  SMTP_MAX_CONNECTIONS_PER_IP: ['0', '-77312'],
  SMTP_LOGIN_SECONDS: ['0', '-77312'],
  SMTP_IDLE_SECONDS: ['0', '-77312'],
  SMTP_DATA_SECONDS: ['0', '-77312'],
  SESAME_WEBHOOK_CONCURRENCY: ['0', '77312'],
  SESAME_WEBHOOK_TIMEOUT_SECONDS: ['0', '-77312', '77312'],
  SESAME_WEBHOOK_RETENTION_DAYS: ['0', '-77312'],
  SESAME_EVENT_CONCURRENCY: ['0', '77312'],
  SESAME_PULL_CONCURRENCY: ['0', '77313'],
  SESAME_SANDBOX_URL: ['sandbox-77312', 'ftp://127.0.0.1/77312', 'http://sandbox-77312.example'],
  SESAME_SNS_CERTIFICATE_ENDPOINT: ['sns-77312', 'ftp://sns-77312'],
  SESAME_SOFT_BOUNCE_LIMIT: ['-77312', '77312'],
  SESAME_SOFT_BOUNCE_DAYS: ['0', '77312'],
  SESAME_REPUTATION_WINDOW_HOURS: ['0', '77312'],
  SESAME_REPUTATION_MINIMUM: ['0', '-77312'],
  SESAME_BOUNCE_WARNING: ['0', '77312', '5%-77312'],
  SESAME_BOUNCE_CEILING: ['0', '77312', '5%-77312'],
  SESAME_COMPLAINT_WARNING: ['0', '77312'],
  SESAME_COMPLAINT_CEILING: ['0', '77312'],
  SESAME_SIGN_UP: ['maybe-77312'],
  SESAME_OIDC_ISSUER: ['issuer-77312', 'ftp://issuer-77312'],
  SESAME_OIDC_NAME: [`${'n'.repeat(50)}-77312`],
  SESAME_REQUEST_LOG: ['none-77312'],
  SESAME_LOG_RETENTION_DAYS: ['0', '6', '-77312', '77312'],
  SESAME_EMAIL_RETENTION_DAYS: ['6', '-77312', 'never-77312'],
  SESAME_AUDIT_RETENTION_DAYS: ['-77312', 'never-77312'],
  LOG_LEVEL: ['verbose-77312'],
  SESAME_METRICS: ['yes-77312', '1', 'TRUE'],
};

describe('loadConfig', () => {
  it.each(Object.entries(bad).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    'names a bad %s (%j) and does not show the value',
    (name, value) => {
      const error = refusalOf({ ...required, [name]: value });
      expect(error).toMatchObject({ code: 'config.invalid', kind: 'internal' });
      expect(error.message).toContain(`${name} `);
      expect(inspect(error, { depth: 10 })).not.toContain('77312');
      for (const other of Object.keys(environmentSchema.shape)) {
        if (other !== name && !name.includes(other)) expect(error.message).not.toContain(`${other} `);
      }
    },
  );

  it('has a bad value above for every variable that can be bad', () => {
    const always = [
      'API_HOST',
      'SESAME_KEYS',
      'SESAME_OIDC_CLIENT_ID',
      'SESAME_OIDC_CLIENT_SECRET',
      'SMTP_HOST',
      'SMTP_TLS_CERT_FILE',
      'SMTP_TLS_KEY_FILE',
    ];
    expect(new Set([...Object.keys(bad), ...always])).toEqual(new Set(Object.keys(environmentSchema.shape)));
  });

  it('names all bad variables at once', () => {
    const error = refusalOf(Object.fromEntries(Object.entries(bad).map(([name, [first]]) => [name, first])));
    for (const name of [...Object.keys(bad), 'SESAME_KEYS']) expect(error.message).toContain(name);
  });

  it.each([
    ['DATABASE_URL', undefined],
    ['DATABASE_URL', ''],
    ['SESAME_KEYS', undefined],
    ['SESAME_KEYS', ''],
  ])('says that %s (%j) is required', (name, value) => {
    const { message } = refusalOf({ ...required, [name]: value });
    expect(message).toContain(`${name} is required`);
    expect(message).toContain('.env.example');
  });

  it('takes the sandbox’s address by its origin, and refuses to start with one in production', () => {
    const sandbox = { ...required, SESAME_SANDBOX_URL: 'http://127.0.0.1:4599/' };
    for (const NODE_ENV of ['development', 'test'])
      expect(loadConfig({ ...sandbox, NODE_ENV }).sandbox).toEqual({ url: 'http://127.0.0.1:4599' });
    const { message } = refusalOf({ ...sandbox, NODE_ENV: 'production' });
    expect(message).toContain('SESAME_SANDBOX_URL must not be set when NODE_ENV is production');
  });

  it('shows neither passwords nor keys of good variables beside a bad one', () => {
    const shown = inspect(
      refusalOf({ DATABASE_URL: 'postgres://u:hunter22@db/x', SESAME_KEYS: 'k1:c2VjcmV0', API_PORT: 'x' }),
    );
    expect(shown).not.toMatch(/hunter22|c2VjcmV0/);
  });

  it('has a default for everything that is not required', () => {
    expect(loadConfig(required)).toEqual({
      environment: 'development',
      http: {
        host: '127.0.0.1',
        port: 3000,
        publicUrl: undefined,
        rateLimit: 1000,
        maxBodyBytes: 56 * 1024 * 1024,
      },
      database: { url: required.DATABASE_URL, poolSize: 10 },
      queue: { redisUrl: undefined, prefix: 'sesame' },
      keyRing: required.SESAME_KEYS,
      worker: { healthPort: undefined },
      sending: {
        transport: 'lean',
        laneConcurrency: 100,
        laneInFlight: 128,
        sendsInFlight: 256,
        bytesInFlight: 64 * 1024 * 1024,
        claimTtlMs: 60_000,
        sesTimeoutMs: 20_000,
      },
      connections: { verifyWindowMs: 60_000, sweepMs: 86_400_000 },
      domains: { dnsServers: [], waitMs: 10_000 },
      outbound: { allow: [], plainHttp: true },
      smtp: {
        host: '127.0.0.1',
        port: 2525,
        implicitTlsPort: undefined,
        tls: { mode: 'required', certificateFile: undefined, keyFile: undefined },
        trustedProxies: [],
        maxMessageBytes: 30 * 1024 * 1024,
        bytesInFlight: 64 * 1024 * 1024,
        maxConnections: 500,
        maxConnectionsPerIp: 100,
        loginMs: 60_000,
        idleMs: 300_000,
        dataMs: 600_000,
      },
      accounts: { signUp: 'open', oidc: undefined },
      logs: { requests: 'all' },
      retention: { logDays: 30, emailDays: 0, auditDays: 0 },
      webhooks: { concurrency: 100, timeoutMs: 15_000, retentionDays: 30 },
      events: {
        concurrency: 10,
        pullConcurrency: 50,
        certificateEndpoint: undefined,
        softBounces: { limit: 5, days: 14 },
        reputation: {
          windowHours: 24,
          minimum: 1000,
          bounces: { warning: 0.03, ceiling: 0.05 },
          complaints: { warning: 0.001, ceiling: 0.003 },
        },
      },
      log: { level: 'info' },
      metrics: true,
    });
  });

  it('takes an empty variable as not set', () => {
    const empty = Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, '']));
    expect(loadConfig({ ...empty, ...required })).toEqual(loadConfig(required));
  });

  it('ignores variables that are not its own', () => {
    expect(loadConfig({ ...required, PATH: '/bin', AWS_REGION: 'nowhere' })).toEqual(loadConfig(required));
  });

  it.each<[string, string, (config: Config) => unknown, unknown]>([
    ['NODE_ENV', 'production', ({ environment }) => environment, 'production'],
    ['API_HOST', '0.0.0.0', ({ http }) => http.host, '0.0.0.0'],
    ['API_PORT', '0', ({ http }) => http.port, 0],
    ['API_PORT', '65535', ({ http }) => http.port, 65535],
    ['WORKER_HEALTH_PORT', '9100', ({ worker }) => worker.healthPort, 9100],
    [
      'SESAME_PUBLIC_URL',
      'https://mail.example.com',
      ({ http }) => http.publicUrl,
      'https://mail.example.com',
    ],
    ['DATABASE_URL', 'postgresql://u@h/d', ({ database }) => database.url, 'postgresql://u@h/d'],
    ['DATABASE_POOL_SIZE', '200', ({ database }) => database.poolSize, 200],
    ['REDIS_URL', 'rediss://r:6380', ({ queue }) => queue.redisUrl, 'rediss://r:6380'],
    ['QUEUE_PREFIX', 'a-b_9', ({ queue }) => queue.prefix, 'a-b_9'],
    ['SESAME_SES_TRANSPORT', 'sdk', ({ sending }) => sending.transport, 'sdk'],
    ['SESAME_LANE_CONCURRENCY', '5000', ({ sending }) => sending.laneConcurrency, 5000],
    ['SESAME_LANE_IN_FLIGHT', '7', ({ sending }) => sending.laneInFlight, 7],
    ['SESAME_SENDS_IN_FLIGHT', '8', ({ sending }) => sending.sendsInFlight, 8],
    ['SESAME_BYTES_IN_FLIGHT', '9', ({ sending }) => sending.bytesInFlight, 9],
    ['SESAME_CLAIM_SECONDS', '2', ({ sending }) => sending.claimTtlMs, 2_000],
    ['SESAME_SES_TIMEOUT_SECONDS', '300', ({ sending }) => sending.sesTimeoutMs, 300_000],
    ['SESAME_VERIFY_WINDOW_SECONDS', '0', ({ connections }) => connections.verifyWindowMs, 0],
    ['SESAME_SWEEP_SECONDS', '1', ({ connections }) => connections.sweepMs, 1_000],
    [
      'SESAME_DNS_SERVERS',
      '10.0.0.1:5353, [::1]:53,fd00::1',
      ({ domains }) => domains.dnsServers.join(),
      '10.0.0.1:5353,[::1]:53,fd00::1',
    ],
    ['SESAME_DOMAIN_WAIT_SECONDS', '0.5', ({ domains }) => domains.waitMs, 500],
    ['SESAME_RATE_LIMIT', '2', ({ http }) => http.rateLimit, 2],
    ['SESAME_MAX_BODY_MB', '1', ({ http }) => http.maxBodyBytes, 1024 * 1024],
    [
      'SESAME_OUTBOUND_ALLOW',
      '127.0.0.1/32, fd00::/8',
      ({ outbound }) => outbound.allow.join(),
      '127.0.0.1/32,fd00::/8',
    ],
    ['SESAME_OUTBOUND_PLAIN_HTTP', 'false', ({ outbound }) => outbound.plainHttp, false],
    ['NODE_ENV', 'production', ({ outbound }) => outbound.plainHttp, false],
    ['SMTP_HOST', '0.0.0.0', ({ smtp }) => smtp.host, '0.0.0.0'],
    ['SMTP_PORT', '587', ({ smtp }) => smtp.port, 587],
    ['SMTP_IMPLICIT_TLS_PORT', '465', ({ smtp }) => smtp.implicitTlsPort, 465],
    ['SMTP_TLS', 'off', ({ smtp }) => smtp.tls.mode, 'off'],
    ['SMTP_TLS_CERT_FILE', '/tls/crt', ({ smtp }) => smtp.tls.certificateFile, '/tls/crt'],
    ['SMTP_TLS_KEY_FILE', '/tls/key', ({ smtp }) => smtp.tls.keyFile, '/tls/key'],
    ['SMTP_TRUSTED_PROXIES', '10.0.0.1, ::1', ({ smtp }) => smtp.trustedProxies.join(), '10.0.0.1,::1'],
    ['SMTP_MAX_MESSAGE_MB', '2', ({ smtp }) => smtp.maxMessageBytes, 2 * 1024 * 1024],
    ['SMTP_BYTES_IN_FLIGHT', '9', ({ smtp }) => smtp.bytesInFlight, 9],
    ['SMTP_MAX_CONNECTIONS', '3', ({ smtp }) => smtp.maxConnections, 3],
    ['SMTP_MAX_CONNECTIONS_PER_IP', '4', ({ smtp }) => smtp.maxConnectionsPerIp, 4],
    ['SMTP_LOGIN_SECONDS', '5', ({ smtp }) => smtp.loginMs, 5_000],
    ['SMTP_IDLE_SECONDS', '6', ({ smtp }) => smtp.idleMs, 6_000],
    ['SMTP_DATA_SECONDS', '7', ({ smtp }) => smtp.dataMs, 7_000],
    ['SESAME_REQUEST_LOG', 'errors', ({ logs }) => logs.requests, 'errors'],
    ['SESAME_LOG_RETENTION_DAYS', '7', ({ retention }) => retention.logDays, 7],
    ['SESAME_EMAIL_RETENTION_DAYS', '90', ({ retention }) => retention.emailDays, 90],
    ['SESAME_AUDIT_RETENTION_DAYS', '365', ({ retention }) => retention.auditDays, 365],
    ['LOG_LEVEL', 'silent', ({ log }) => log.level, 'silent'],
    ['SESAME_METRICS', 'false', ({ metrics }) => metrics, false],
  ])('reads %s=%s', (name, value, read, expected) => {
    expect(read(loadConfig({ ...required, [name]: value }))).toBe(expected);
  });

  it('is frozen to the last object', () => {
    const config = loadConfig(required);
    const objects: object[] = [config];
    for (const object of objects) {
      expect(Object.isFrozen(object)).toBe(true);
      for (const inner of Object.values(object)) if (typeof inner === 'object') objects.push(inner as object);
    }
    expect(objects.length).toBeGreaterThan(5);
    expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError);
  });
});

describe('ConfigModule', () => {
  it('gives everybody the same frozen configuration', async () => {
    const config = loadConfig(required);
    const module = await Test.createTestingModule({ imports: [ConfigModule.for(config)] }).compile();
    expect(module.get<Config>(CONFIG)).toEqual(config);
    expect(Object.isFrozen(module.get<Config>(CONFIG))).toBe(true);
    await module.close();
  });
});
