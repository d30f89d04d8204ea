import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveSesEndpoint } from './endpoint.js';
import { sesRegions } from './regions.js';

const awsVariables = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
const before = Object.fromEntries(awsVariables.map((name) => [name, process.env[name]]));

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  // The profile of whoever runs the tests must not decide.
  process.env['AWS_CONFIG_FILE'] = '/dev/null';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, before);
});

describe('without an override the SES endpoint', () => {
  it.each([
    ['eu-west-1', 'email.eu-west-1.amazonaws.com'],
    ['us-east-1', 'email.us-east-1.amazonaws.com'],
    ['us-gov-west-1', 'email.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'email.eusc-de-east-1.amazonaws.eu'],
  ])('of %s is %s', async (region, host) => {
    await expect(resolveSesEndpoint(region)).resolves.toEqual({
      origin: `https://${host}`,
      host,
      basePath: '',
    });
  });

  it.each([...sesRegions])('of %s is a host of AWS', async (region) => {
    const { host, origin } = await resolveSesEndpoint(region);
    expect(host).toMatch(
      new RegExp(`^email\\.${region}\\.(amazonaws\\.com|amazonaws\\.eu|api\\.amazonwebservices\\.eu)$`),
    );
    expect(origin).toBe(`https://${host}`);
  });
});

describe('an overridden SES endpoint', () => {
  it.each([
    [
      'AWS_ENDPOINT_URL_SESV2',
      'http://127.0.0.1:4566',
      { origin: 'http://127.0.0.1:4566', host: '127.0.0.1:4566', basePath: '' },
    ],
    [
      'AWS_ENDPOINT_URL_SESV2',
      'http://127.0.0.1:4566/',
      { origin: 'http://127.0.0.1:4566', host: '127.0.0.1:4566', basePath: '' },
    ],
    [
      'AWS_ENDPOINT_URL_SESV2',
      'http://127.0.0.1:4566/aws/ses',
      { origin: 'http://127.0.0.1:4566', host: '127.0.0.1:4566', basePath: '/aws/ses' },
    ],
    [
      'AWS_ENDPOINT_URL_SESV2',
      'http://127.0.0.1:4566/aws/ses/',
      { origin: 'http://127.0.0.1:4566', host: '127.0.0.1:4566', basePath: '/aws/ses' },
    ],
    [
      'AWS_ENDPOINT_URL_SESV2',
      'http://proxy.example/v2/email',
      { origin: 'http://proxy.example', host: 'proxy.example', basePath: '/v2/email' },
    ],
    [
      'AWS_ENDPOINT_URL_SESV2',
      'https://ses.example.com:8443',
      { origin: 'https://ses.example.com:8443', host: 'ses.example.com:8443', basePath: '' },
    ],
    [
      'AWS_ENDPOINT_URL_SESV2',
      'https://ses.example.com:443',
      { origin: 'https://ses.example.com', host: 'ses.example.com', basePath: '' },
    ],
    [
      'AWS_ENDPOINT_URL',
      'http://localhost:9000/base',
      { origin: 'http://localhost:9000', host: 'localhost:9000', basePath: '/base' },
    ],
  ])('by %s=%s', async (name, value, expected) => {
    process.env[name] = value;
    await expect(resolveSesEndpoint('eu-west-1')).resolves.toEqual(expected);
  });

  it('of the service counts more than the general one', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://general.example';
    process.env['AWS_ENDPOINT_URL_SESV2'] = 'http://ses.example';
    expect((await resolveSesEndpoint('eu-west-1')).host).toBe('ses.example');
  });

  it('is ignored where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS says so', async () => {
    process.env['AWS_ENDPOINT_URL_SESV2'] = 'http://ses.example';
    process.env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] = 'true';
    expect((await resolveSesEndpoint('eu-west-1')).host).toBe('email.eu-west-1.amazonaws.com');
  });

  it.each([
    ['AWS_USE_FIPS_ENDPOINT', 'email-fips.us-east-1.amazonaws.com'],
    ['AWS_USE_DUALSTACK_ENDPOINT', 'email.us-east-1.api.aws'],
  ])('is what the SDK makes of %s', async (name, host) => {
    process.env[name] = 'true';
    expect((await resolveSesEndpoint('us-east-1')).host).toBe(host);
  });
});
