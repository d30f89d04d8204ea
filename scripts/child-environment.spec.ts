import { describe, expect, test } from '@jest/globals';

type Variables = Record<string, string | undefined>;
interface Module {
  childEnvironments(options: Record<string, unknown>): Record<'api' | 'worker' | 'smtp' | 'tools', Variables>;
  sandboxEnvironment(options: {
    base: Variables;
    port: number;
    dnsPort: number;
    stateFile: string;
  }): Variables;
}

// Plain JavaScript, because it runs before anything is installed: TypeScript must not try to follow the import.
const path = './lib/child-environment.mjs';
const { childEnvironments, sandboxEnvironment } = (await import(path)) as Module;

const developer = {
  PATH: '/bin',
  AWS_PROFILE: 'my-own',
  AWS_ACCESS_KEY_ID: 'AKIA-my-own',
  AWS_SECRET_ACCESS_KEY: 'my-own-secret',
  AWS_SESSION_TOKEN: 'my-own-token',
  AWS_ENDPOINT_URL: 'https://my-own.example',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://my-own.example',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/my-own',
};
const options = {
  base: developer,
  isSandbox: true,
  sandboxUrl: 'http://127.0.0.1:4599',
  dnsPort: 4600,
  apiPort: 3000,
  apiHost: '127.0.0.1',
  smtpPort: 2525,
  publicUrl: 'http://127.0.0.1:3000',
  databaseUrl: 'postgresql://x',
  redisUrl: undefined,
  keys: 'k:v',
};
const programs = ['api', 'worker', 'smtp', 'tools'] as const;

describe('with the sandbox', () => {
  const environments = childEnvironments(options);

  test.each(programs)('%s sees nothing of the developer’s own AWS', (program) => {
    expect(JSON.stringify(environments[program])).not.toContain('my-own');
  });

  test.each(programs)('%s finds the sandbox and no file or metadata service with credentials', (program) => {
    expect(environments[program]).toMatchObject({
      AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:4599',
      AWS_ENDPOINT_URL_SESV2: 'http://127.0.0.1:4599',
      AWS_ENDPOINT_URL_SNS: 'http://127.0.0.1:4599',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4599',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_CONFIG_FILE: '/dev/null',
    });
  });

  test('only the worker has a key', () => {
    const having = programs.filter((program) => environments[program]['AWS_ACCESS_KEY_ID'] !== undefined);
    expect(having).toEqual(['worker']);
  });

  test('SMTP may make its own certificate, also in a shell that is set to production', () => {
    const { smtp, api } = childEnvironments({ ...options, base: { ...developer, NODE_ENV: 'production' } });
    expect([smtp['NODE_ENV'], api['NODE_ENV']]).toEqual(['development', 'production']);
  });

  test('the worker looks for records in the DNS of the sandbox, unless the shell names another', () => {
    expect(environments.worker['SESAME_DNS_SERVERS']).toBe('127.0.0.1:4600');
    const named = childEnvironments({ ...options, base: { ...developer, SESAME_DNS_SERVERS: '10.0.0.1' } });
    expect(named.worker['SESAME_DNS_SERVERS']).toBe('10.0.0.1');
  });

  test('the API fetches the certificates of SNS from the sandbox', () => {
    expect(environments.api['SESAME_SNS_CERTIFICATE_ENDPOINT']).toBe('http://127.0.0.1:4599');
  });

  test('only the API may change the sandbox, and not in a shell that is set to production', () => {
    expect(programs.map((program) => environments[program]['SESAME_SANDBOX_URL'])).toEqual([
      'http://127.0.0.1:4599',
      '',
      '',
      '',
    ]);
    const production = childEnvironments({ ...options, base: { ...developer, NODE_ENV: 'production' } });
    expect(production.api['SESAME_SANDBOX_URL']).toBe('');
  });

  test('checks wait for no IAM to settle, unless the shell wants that', () => {
    expect(environments.worker['SESAME_VERIFY_WINDOW_SECONDS']).toBe('1');
    const patient = { ...developer, SESAME_VERIFY_WINDOW_SECONDS: '60' };
    const { worker } = childEnvironments({ ...options, base: patient });
    expect(worker['SESAME_VERIFY_WINDOW_SECONDS']).toBe('60');
  });

  test('the sandbox itself has nothing but its own variables', () => {
    const own = sandboxEnvironment({ base: developer, port: 4599, dnsPort: 4600, stateFile: '/x' });
    expect(Object.keys(own).filter((name) => !name.startsWith('SANDBOX_'))).toEqual(['PATH', 'NODE_ENV']);
  });
});

describe('with the real AWS', () => {
  const environments = childEnvironments({ ...options, isSandbox: false, sandboxUrl: null });

  test('nobody may change accounts from the dashboard, whatever the shell says', () => {
    const base = { ...developer, SESAME_SANDBOX_URL: 'http://127.0.0.1:4599' };
    const { api } = childEnvironments({ ...options, isSandbox: false, sandboxUrl: null, base });
    expect(api['SESAME_SANDBOX_URL']).toBe('');
  });

  test('the worker keeps the SDK’s variables as they are', () => {
    expect(environments.worker).toMatchObject(developer);
  });

  test.each(['api', 'smtp', 'tools'] as const)('%s, which never calls AWS, has no key', (program) => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environments[program];
    expect([AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
