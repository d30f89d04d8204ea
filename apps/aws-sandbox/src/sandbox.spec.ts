import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.js';
import { startSandbox } from './sandbox.js';
import { Harness } from './testing/harness.js';

describe('readEnvironment', () => {
  it('has defaults, and takes an empty variable for none', () => {
    expect(readEnvironment({ SANDBOX_STATE_FILE: '' })).toEqual({
      isLogging: false,
      options: { port: 4599, host: '127.0.0.1' },
    });
  });

  it.each([
    [{ SANDBOX_PORT: 'many' }, /^SANDBOX_PORT: /],
    [{ SANDBOX_HOST: '0.0.0.0' }, /^SANDBOX_HOST: /],
    [{ SANDBOX_PLATFORM_ACCOUNT_ID: '12' }, /^SANDBOX_PLATFORM_ACCOUNT_ID: /],
    [{ SANDBOX_PLATFORM_ACCESS_KEY_ID: 'AKIAAAAAAAAAAAAAAAAA' }, /^SANDBOX_PLATFORM_SECRET_ACCESS_KEY: /],
  ])('names the bad variable of %j and not its value', (env, expected) => {
    expect(() => readEnvironment(env)).toThrow(expected);
  });
});

describe('startSandbox', () => {
  it('rejects when the port is taken', async () => {
    const first = await startSandbox();
    await expect(startSandbox({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
  });

  it('tells a listener what became of a message', async () => {
    const heard: unknown[] = [];
    const h = await Harness.start({ onOutcome: (message, outcomes) => heard.push([message.to, outcomes]) });
    await h.seedCustomer();
    const ses = await h.customerSes();
    const to = ['bounce@simulator.amazonses.com'];
    const Content = { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } };
    await ses.send(
      new SendEmailCommand({ FromEmailAddress: 'a@example.com', Destination: { ToAddresses: to }, Content }),
    );
    expect(heard).toEqual([
      [
        to,
        [
          { type: 'Send' },
          { type: 'Bounce', bounceType: 'Permanent', bounceSubType: 'General', recipients: to },
        ],
      ],
    ]);
    await h.close();
  });
});
